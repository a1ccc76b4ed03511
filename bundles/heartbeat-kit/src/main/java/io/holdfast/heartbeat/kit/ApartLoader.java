// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.api.heartbeat.HeartbeatFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;

/** Loads a plugin's package anew, and everything else from where it was: like its bundle after an update. */
final class ApartLoader extends ClassLoader {
    private final String prefix;
    private final ClassLoader original;

    ApartLoader(Class<?> plugin) {
        super(plugin.getClassLoader());
        prefix = plugin.getPackageName() + ".";
        original = plugin.getClassLoader();
    }

    /** Another object of the same plugin, whose class is another one. */
    static HeartbeatFactory again(HeartbeatFactory factory) {
        Class<?> type = factory.getClass();
        try {
            Class<?> apart = Class.forName(type.getName(), true, new ApartLoader(type));
            return (HeartbeatFactory) apart.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(
                    type.getName() + " must be public with a public constructor without parameters", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        // The kit's own contracts stay shared where a test keeps its plugin in the kit's package.
        if (!name.startsWith(prefix) || HeartbeatFactory.class.getName().equals(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        URL place = original.getResource(name.replace('.', '/') + ".class");
        if (place == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = place.openStream()) {
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
