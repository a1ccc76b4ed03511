// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * One framework with the bundles of this jar, in a temporary directory that lives as long as the process.
 *
 * <p>Used by two threads: main starts it, main or the shutdown hook closes it.
 */
final class Container implements AutoCloseable {

    /** Long enough for close handshakes with servers that do not answer; the JVM ends afterwards in any case. */
    private static final long STOP_LIMIT_MILLIS = 15_000;

    private final Path directory;
    private final Framework framework;
    private final Map<Long, Throwable> failures = new ConcurrentHashMap<>();
    private final List<Bundle> expected = new ArrayList<>();
    private final Object closing = new Object();
    /** Guarded by {@link #closing}. */
    private boolean closed;

    /** @param further framework properties on top of those of {@code framework.properties} */
    Container(Path directory, Map<String, String> further) throws IOException {
        this.directory = directory;
        Map<String, String> properties = properties();
        properties.put(Constants.FRAMEWORK_STORAGE, directory.resolve("bundles").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(
                Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                Integer.toString(StartLevels.load().highest()));
        properties.putAll(further);
        framework = ServiceLoader.load(FrameworkFactory.class, Container.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IOException("holdfast.jar holds no OSGi framework"))
                .newFramework(properties);
    }

    private static Map<String, String> properties() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Container.class.getResourceAsStream("/framework.properties")) {
            if (in == null) {
                throw new IOException("resource /framework.properties is missing");
            }
            properties.load(in);
        }
        Map<String, String> map = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }

    /**
     * Installs all bundles and starts all but the named ones. When this returns the highest start level is reached.
     *
     * @param dormant symbolic names of bundles that are installed, so that others resolve, but not started
     */
    void start(List<String> dormant) throws BundleException, IOException {
        framework.init(this::note);
        BundleContext context = framework.getBundleContext();
        StartLevels levels = StartLevels.load();
        try (BundleJars jars = BundleJars.ofThisJar()) {
            for (String name : jars.names()) {
                try (InputStream in = jars.open(name)) {
                    Bundle bundle = context.installBundle("holdfast:" + name, in);
                    bundle.adapt(BundleStartLevel.class).setStartLevel(levels.of(name));
                    if (!dormant.contains(bundle.getSymbolicName()) && !fragment(bundle)) {
                        expected.add(bundle);
                    }
                }
            }
        }
        requireInstalled(dormant, context);
        for (Bundle bundle : expected) {
            bundle.start();
        }
        framework.start();
    }

    private static void requireInstalled(List<String> symbolicNames, BundleContext context) throws BundleException {
        List<String> installed =
                Stream.of(context.getBundles()).map(Bundle::getSymbolicName).toList();
        for (String name : symbolicNames) {
            if (!installed.contains(name)) {
                throw new BundleException("holdfast.jar holds no bundle " + name);
            }
        }
    }

    private static boolean fragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private void note(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            failures.putIfAbsent(event.getBundle().getBundleId(), event.getThrowable());
        }
    }

    /** One line for each bundle that should run and does not. */
    List<String> problems() {
        return expected.stream()
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .map(bundle ->
                        bundle.getSymbolicName() + " is not active: " + reason(failures.get(bundle.getBundleId())))
                .toList();
    }

    private static String reason(Throwable failure) {
        if (failure == null) {
            return "no error was reported";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? failure.toString() : failure.getMessage() + " (" + root + ")";
    }

    int size() {
        return expected.size();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Stops the framework and removes the directory. The second caller waits for the first. */
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
            stop();
            delete();
        }
    }

    private void stop() {
        try {
            stopApplication();
            framework.stop();
            FrameworkEvent event = framework.waitForStop(STOP_LIMIT_MILLIS);
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                System.err.println("holdfast: the framework did not stop within " + STOP_LIMIT_MILLIS / 1000 + " s");
            }
        } catch (BundleException e) {
            System.err.println("holdfast: the framework did not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the clients as a user does who is done: when the framework stops, their supervisors end them first, as those who go away do. */
    private void stopApplication() throws BundleException {
        BundleContext context = framework.getBundleContext();
        for (Bundle bundle : context == null ? new Bundle[0] : context.getBundles()) {
            if ("io.holdfast.app".equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE) {
                bundle.stop(Bundle.STOP_TRANSIENT);
            }
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.err.println("holdfast: could not remove " + directory + ": " + e);
        }
    }
}
