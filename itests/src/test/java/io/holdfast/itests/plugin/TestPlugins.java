// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.itests.support.TestBundle;

/** Bundles for hot swaps. For the test JVM, as {@link TestBundle}. */
public final class TestPlugins {

    /** Symbolic name of the plugin that is replaced. */
    public static final String DERIBIT = "io.holdfast.heartbeat.deribit";

    private TestPlugins() {}

    /** Another version of the real plugin's bundle. */
    public static TestBundle blue(String version, String marker) {
        return marked(version, marker, BlueHeartbeat.class);
    }

    /** Another version that is preferred to all others. */
    public static TestBundle green(String version, String marker) {
        return marked(version, marker, GreenHeartbeat.class);
    }

    private static TestBundle marked(String version, String marker, Class<?> component) {
        return TestBundle.of(DERIBIT, version, component, MarkedDeribit.class)
                .header("Private-Package", DERIBIT)
                .header("-dsannotations", component.getName())
                .header("X-Marker", marker);
    }

    /** A bundle with a listener. */
    public static TestBundle listening(String version) {
        return TestBundle.of("io.holdfast.itests.listening", version, SinkListener.class);
    }

    /** A better ranked plugin for Deribit with a fault: throws, own, error or hangs. */
    public static TestBundle faulty(String fault) {
        return TestBundle.of("io.holdfast.itests.faulty." + fault, "1.0.0", FaultyHeartbeat.class)
                .header("Private-Package", DERIBIT)
                .header("-dsannotations", FaultyHeartbeat.class.getName())
                .header("X-Fault", fault);
    }

    /** The best ranked plugin of all, for another exchange. */
    public static TestBundle wrong() {
        return TestBundle.of("io.holdfast.itests.wrong", "1.0.0", WrongHeartbeat.class);
    }

    /** An exchange plugin that fetches a token before each connection. */
    public static TestBundle desk() {
        return TestBundle.of("io.holdfast.itests.desk", "1.0.0", DeskExchange.class);
    }

    /** A bundle that starts five clients and stops without a thought of them. */
    public static TestBundle forgetful(boolean supervised) {
        return TestBundle.of(
                        "io.holdfast.itests.forgetful." + (supervised ? "supervised" : "unsupervised"),
                        "1.0.0",
                        ForgetfulUser.class)
                .header("Bundle-Activator", ForgetfulUser.class.getName())
                .header("X-Supervised", String.valueOf(supervised));
    }
}
