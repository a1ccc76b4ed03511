// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import io.holdfast.simulator.internal.fault.FaultRules.Toggle;
import io.holdfast.simulator.internal.net.Connection;
import java.util.function.Consumer;

/** Sends the answers of one connection, or loses or swaps them where a fault says so. Loop thread only. */
final class AnswerOrder {

    private static final double HOLD = 0.5;

    private final Scene scene;
    private final Connection connection;
    private final Consumer<String> send;
    private String held; // an answer that comes after the next one, or null

    AnswerOrder(Scene scene, Connection connection, Consumer<String> send) {
        this.scene = scene;
        this.connection = connection;
        this.send = send;
    }

    void reply(String method, String text) {
        if (scene.faults().find(Toggle.LOSE_ANSWERS, connection, method).isPresent()) {
            return;
        }
        if (held == null && scene.faults().on(Toggle.REORDER_ANSWERS, connection)) {
            held = text;
            connection.later(scene.units(HOLD), this::giveHeld);
            return;
        }
        send.accept(text);
        giveHeld();
    }

    private void giveHeld() {
        if (held != null) {
            String text = held;
            held = null;
            send.accept(text);
        }
    }
}
