// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether something is made of contracts and values of the JDK alone, so that it pins nobody's class loader. */
final class PlainData {
    private static final String CONTRACTS = "io.holdfast.api.";

    private PlainData() {}

    /** The places at which it is not, each as a path with the class found there. */
    static List<String> strangers(Object value) {
        List<String> found = new ArrayList<>();
        look("profile", value, found);
        return found;
    }

    private static void look(String path, Object value, List<String> found) {
        if (value == null) {
            return;
        }
        Class<?> type = value.getClass();
        boolean contract = type.getName().startsWith(CONTRACTS);
        if (!contract
                && type.getClassLoader() != null
                && type.getClassLoader() != ClassLoader.getPlatformClassLoader()) {
            found.add(path + ": " + type.getName());
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(v -> look(path, v, found));
        } else if (value instanceof Collection<?> all) {
            all.forEach(v -> look(path + "[]", v, found));
        } else if (value instanceof Map<?, ?> map) {
            look(path + ".keys", map.keySet(), found);
            look(path + ".values", map.values(), found);
        } else if (contract && type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                look(path + "." + component.getName(), read(component, value), found);
            }
        }
    }

    private static Object read(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
