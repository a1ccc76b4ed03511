// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.annotations.Component;

class TestBundleTest {

    @Component(service = Runnable.class)
    public static final class Sample implements Runnable {
        @Override
        public void run() {
            new Runnable() {
                @Override
                public void run() {
                    // Only its class file matters.
                }
            }.run();
        }
    }

    @Test
    void holds_classes_nested_classes_and_component_descriptions() throws Exception {
        List<String> names = new ArrayList<>();
        Manifest manifest;
        try (JarInputStream jar =
                new JarInputStream(TestBundle.of("sample", "2.1.0", Sample.class).header("X-Marker", "v2").stream())) {
            manifest = jar.getManifest();
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                names.add(entry.getName());
            }
        }

        String path = Sample.class.getName().replace('.', '/');
        assertThat(names).contains(path + ".class", path + "$1.class", "OSGI-INF/" + Sample.class.getName() + ".xml");
        assertThat(manifest.getMainAttributes().getValue("Bundle-SymbolicName")).isEqualTo("sample");
        assertThat(manifest.getMainAttributes().getValue("Bundle-Version")).isEqualTo("2.1.0");
        assertThat(manifest.getMainAttributes().getValue("X-Marker")).isEqualTo("v2");
        assertThat(manifest.getMainAttributes().getValue("Service-Component")).contains(Sample.class.getName());
    }
}
