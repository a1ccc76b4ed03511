// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.ours;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.client.WebSocketClients;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.nop.NOPServiceProvider;

/**
 * The bundles in a Felix framework. The contracts come from the class path, so that the measuring program can be their user;
 * everything else is bundles.
 */
public final class InFelix implements Ours {
    /** Where the bundles of the runnable jar were put by its build. */
    public static final String BUNDLES = "holdfast.bundles";

    private static final long WAIT_MILLIS = 30_000;
    private static final List<String> LEFT_OUT = List.of(
            "io.holdfast.api-",
            "io.holdfast.app-",
            "io.holdfast.simulator-",
            "io.holdfast.shell-",
            "logback-",
            "gogo",
            "jline");

    private final Framework framework;
    private final WebSocketClients clients;
    private final ClientSupervisor supervisor;
    private final boolean bare;

    public InFelix(boolean bare, Map<String, ?> budget) throws Exception {
        this.bare = bare;
        Path storage = Files.createTempDirectory("holdfast-bench");
        framework = ServiceLoader.load(FrameworkFactory.class)
                .iterator()
                .next()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN,
                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        contracts(),
                        "org.apache.aries.spifly.auto.consumers",
                        "org.eclipse.jetty.websocket.core.common"));
        framework.init();
        BundleContext context = framework.getBundleContext();
        for (String type : new String[] {ExchangeHeartbeat.BEATING, ExchangeHeartbeat.QUIET}) {
            context.registerService(
                    HeartbeatFactory.class,
                    new ExchangeHeartbeat(type),
                    new Hashtable<>(Map.of(HeartbeatFactory.TYPE, type)));
        }
        install(context);
        framework.start();
        ConfigurationAdmin admin = service(context, ConfigurationAdmin.class, "(objectClass=*)");
        configure(admin, "io.holdfast.endpoints~everywhere", budget);
        configure(admin, "io.holdfast.supervisor~" + GROUP, Map.of());
        clients = service(context, WebSocketClients.class, "(objectClass=*)");
        supervisor = service(context, ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
    }

    private static String contracts() {
        List<String> packages = new ArrayList<>();
        for (String name : new String[] {"client", "exchange", "heartbeat", "options", "supervision", "transport"}) {
            packages.add("io.holdfast.api." + name + ";version=1.0.0");
        }
        packages.add("org.osgi.service.cm;version=1.6.1");
        return String.join(",", packages);
    }

    private static void install(BundleContext context) throws BundleException {
        List<Bundle> installed = new ArrayList<>();
        // Instead of the logging of the runnable jar, as outside of the container.
        installed.add(context.installBundle(NOPServiceProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        File[] jars = new File(System.getProperty(BUNDLES, "features/app/target/bundles"))
                .listFiles((dir, name) -> name.endsWith(".jar"));
        if (jars == null) {
            throw new IllegalStateException("no bundles; build features/app first or set -D" + BUNDLES);
        }
        Arrays.sort(jars);
        for (File jar : jars) {
            if (LEFT_OUT.stream().noneMatch(jar.getName()::contains)) {
                installed.add(context.installBundle(jar.toURI().toString()));
            }
        }
        for (Bundle bundle : installed) {
            if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
                bundle.start();
            }
        }
    }

    private static void configure(ConfigurationAdmin admin, String pid, Map<String, ?> options) throws IOException {
        Dictionary<String, Object> properties = new Hashtable<>(options);
        String[] parts = pid.split("~");
        admin.getFactoryConfiguration(parts[0], parts[1], "?").update(properties);
    }

    private static <S> S service(BundleContext context, Class<S> type, String filter) throws Exception {
        ServiceTracker<S, S> tracker = new ServiceTracker<>(
                context, context.createFilter("(&(objectClass=" + type.getName() + ")" + filter + ")"), null);
        tracker.open();
        S service = tracker.waitForService(WAIT_MILLIS);
        if (service == null) {
            List<String> resting = Arrays.stream(context.getBundles())
                    .filter(b -> b.getState() != Bundle.ACTIVE)
                    .map(Bundle::getSymbolicName)
                    .toList();
            throw new IllegalStateException("no service " + type.getName() + "; not active: " + resting);
        }
        return service;
    }

    @Override
    public WebSocketClient open(ClientOptions options, MessageListener listener) {
        return bare ? clients.open(options, listener) : supervisor.startClient(options, listener);
    }

    @Override
    public void close() {
        try {
            framework.stop();
            FrameworkEvent event = framework.waitForStop(WAIT_MILLIS);
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                throw new IllegalStateException("the framework did not stop");
            }
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
