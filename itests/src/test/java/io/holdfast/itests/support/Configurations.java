// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;

/**
 * Factory configurations of one test; {@link #close} deletes what is left of them. For one thread.
 *
 * <p>A change waits until the one before of the same configuration has come to the components. SCR 2.2.18 reads a
 * configuration's properties before its change count, so it never sees a change that falls between the two: 7 of 3,000 that
 * followed at once.
 */
public final class Configurations implements AutoCloseable {

    public static final String CLIENT = "io.holdfast.client";
    public static final String GROUP = "io.holdfast.supervisor";
    public static final String ENDPOINTS = "io.holdfast.endpoints";
    public static final String CREDENTIALS = "io.holdfast.credentials";

    private static final String MARK = "io.holdfast.itests.mark";

    private final ConfigurationAdmin admin;
    private final Map<String, Configuration> made = new LinkedHashMap<>();

    public Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** Creates or updates {@code <factory>~<name>}, also with properties equal to those it has. */
    public void set(String factory, String name, Map<String, ?> properties) {
        update(factory + "~" + name, () -> admin.getFactoryConfiguration(factory, name, "?"), properties);
    }

    /** Lets every attempt on loopback through at once: tests break connections far more often than the default budget allows. */
    public void unlimitedAttempts() {
        set(
                ENDPOINTS,
                "loopback",
                Map.of("host.patterns", "127.0.0.1", "attempts", 1000, "window", "1s", "burst", 1000));
    }

    /** Creates or updates the configuration of a component that has one only. */
    public void setSingle(String pid, Map<String, ?> properties) {
        update(pid, () -> admin.getConfiguration(pid, "?"), properties);
    }

    private interface Source {
        Configuration get() throws IOException;
    }

    private void update(String pid, Source source, Map<String, ?> properties) {
        if (made.containsKey(pid)) {
            awaitDelivered();
        }
        try {
            Configuration configuration = source.get();
            made.put(pid, configuration);
            configuration.update(new Hashtable<>(properties));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listeners are told of one change after another: whoever is told of this one, everybody has dealt with those before. */
    private void awaitDelivered() {
        CountDownLatch told = new CountDownLatch(1);
        ConfigurationListener listener = event -> {
            if (event.getType() == ConfigurationEvent.CM_UPDATED && MARK.equals(event.getPid())) {
                told.countDown();
            }
        };
        ServiceRegistration<?> registration = FrameworkUtil.getBundle(Configurations.class)
                .getBundleContext()
                .registerService(ConfigurationListener.class, listener, null);
        try {
            Configuration mark = admin.getConfiguration(MARK, "?");
            made.put(MARK, mark);
            mark.update(new Hashtable<>());
            assertThat(told.await(Services.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("changes told within " + Services.LIMIT)
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for changes to be told", e);
        } finally {
            registration.unregister();
        }
    }

    /** Deletes one that {@link #setSingle} made. */
    public void deleteSingle(String pid) {
        remove(pid);
    }

    /** Deletes one that {@link #set} made. */
    public void delete(String factory, String name) {
        remove(factory + "~" + name);
    }

    private void remove(String pid) {
        Configuration configuration = made.remove(pid);
        if (configuration == null) {
            throw new IllegalArgumentException("not made here: " + pid);
        }
        try {
            configuration.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List.copyOf(made.keySet()).forEach(this::remove);
    }
}
