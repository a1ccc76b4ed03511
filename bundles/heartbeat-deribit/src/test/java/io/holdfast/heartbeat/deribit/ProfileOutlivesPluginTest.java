// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.deribit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A profile that stays in force must not keep the class loader of the plugin that left. */
class ProfileOutlivesPluginTest {
    private static final String PLUGIN = DeribitHeartbeat.class.getName();

    /** Sees the contracts as the test does, but not the plugin: that must come from a loader of its own. */
    private static final class ContractsOnly extends ClassLoader {
        ContractsOnly(ClassLoader all) {
            super(all);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(DeribitHeartbeat.class.getPackageName() + ".")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    private record Left(HeartbeatProfile profile, WeakReference<ClassLoader> loader) {}

    private static Left openAndLeave() throws Exception {
        URL classes =
                DeribitHeartbeat.class.getProtectionDomain().getCodeSource().getLocation();
        ContractsOnly parent = new ContractsOnly(ProfileOutlivesPluginTest.class.getClassLoader());
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, parent)) {
            Class<?> plugin = loader.loadClass(PLUGIN);
            assertThat(plugin).isNotEqualTo(DeribitHeartbeat.class);
            HeartbeatFactory factory =
                    (HeartbeatFactory) plugin.getConstructor().newInstance();
            HeartbeatContext context =
                    new HeartbeatContext("c", factory.options().parse(Map.of("heartbeat.marker", "v1")));
            return new Left(factory.open(context).profile(), new WeakReference<>(loader));
        }
    }

    @Test
    void loaderIsCollectedWhileTheProfileIsHeld() throws Exception {
        Left left = openAndLeave();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return left.loader().get() == null;
        });
        assertThat(left.profile().patterns().get(0).reply().orElseThrow().text())
                .contains("v1${id}");
    }
}
