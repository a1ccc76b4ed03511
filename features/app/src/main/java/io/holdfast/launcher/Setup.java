// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command line means for the container.
 *
 * @param configurations built-in configurations to apply; empty when the user gave one
 * @param dormant symbolic names of bundles that are installed and not started
 */
record Setup(List<String> configurations, List<String> dormant) {

    private static final String SIMULATOR = "io.holdfast.simulator";
    private static final String PROMPT = "org.apache.felix.gogo.jline";

    /** @param console whether a prompt is wanted */
    static Setup of(Options options, boolean console) {
        List<String> configurations = new ArrayList<>();
        List<String> dormant = new ArrayList<>();
        if (options.configuration().isPresent()) {
            dormant.add(SIMULATOR);
        } else {
            configurations.add(
                    switch (options.mode()) {
                        case Options.DEMO -> "holdfast-script.json";
                        case Options.REPLAY -> "holdfast-replay.json";
                        default -> "holdfast-demo.json";
                    });
        }
        options.without().ifPresent(part -> leaveOut(part, configurations, dormant));
        if (!console) {
            dormant.add(PROMPT);
        }
        return new Setup(List.copyOf(configurations), List.copyOf(dormant));
    }

    private static void leaveOut(String part, List<String> configurations, List<String> dormant) {
        switch (part) {
            case "heartbeat" -> {
                dormant.add("io.holdfast.heartbeat.deribit");
                configurations.add("holdfast-without-heartbeat.json");
            }
            case "supervisor" -> dormant.add("io.holdfast.supervisor");
            case "watchdog" -> configurations.add("holdfast-without-watchdog.json");
            default -> throw new IllegalArgumentException(part);
        }
    }
}
