// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Thousands of faults made on purpose would hide the log of every other test; the timeline tells more anyway. */
public final class QuietLogs implements BeforeAllCallback, AfterAllCallback {
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.holdfast");
    private Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = ours.getLevel();
        ours.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ours.setLevel(before);
    }
}
