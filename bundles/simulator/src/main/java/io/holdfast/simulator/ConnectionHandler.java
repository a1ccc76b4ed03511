// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

/**
 * A script for one connection of a path, see {@link Simulator#handle}. Every method is called on the simulator's only
 * thread and must not block; whatever it throws closes the connection with 1011. The handler exists before the 101 is
 * written.
 */
public interface ConnectionHandler {

    /** The 101 is on its way; what is sent here follows it directly. */
    default void onOpen(Session session) {}

    /** A complete text message. */
    default void onText(Session session, String text) {}

    /** A complete binary message. */
    default void onBinary(Session session, byte[] payload) {}

    /** A ping frame. Answers it unless overridden; not called while pongs are withheld. */
    default void onPing(Session session, byte[] payload) {
        session.pong(payload);
    }

    /** A pong frame, whether asked for or not. */
    default void onPong(Session session, byte[] payload) {}

    /** The connection has ended, however; called once, only after {@link #onOpen}. */
    default void onEnd(Session session) {}
}
