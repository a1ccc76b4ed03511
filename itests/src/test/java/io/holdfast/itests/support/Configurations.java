// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Factory configurations of one test; {@link #close} deletes what is left of them. For one thread. */
public final class Configurations implements AutoCloseable {

    public static final String CLIENT = "io.holdfast.client";
    public static final String GROUP = "io.holdfast.supervisor";
    public static final String ENDPOINTS = "io.holdfast.endpoints";
    public static final String CREDENTIALS = "io.holdfast.credentials";

    private final ConfigurationAdmin admin;
    private final Map<String, Configuration> made = new LinkedHashMap<>();

    public Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** Creates or updates {@code <factory>~<name>}, also with properties equal to those it has. */
    public void set(String factory, String name, Map<String, ?> properties) {
        try {
            Configuration configuration = admin.getFactoryConfiguration(factory, name, "?");
            made.put(factory + "~" + name, configuration);
            configuration.update(new Hashtable<>(properties));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            Configuration configuration = admin.getConfiguration(pid, "?");
            made.put(pid, configuration);
            configuration.update(new Hashtable<>(properties));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
