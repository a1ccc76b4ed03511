// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.time.Instant;

/**
 * One line of the accept log: one TCP connection from accept to end. A snapshot.
 *
 * @param number 1 for the first accept of this simulator, then counted up without holes
 * @param localPort the simulator's port
 * @param remotePort the client's port
 * @param acceptedNanos {@link System#nanoTime()} of the accept
 * @param acceptedAt wall clock of the accept
 * @param path requested path; empty while no request was read
 * @param upgrade how the handshake went
 * @param status HTTP status answered; 0 while none was
 * @param openedNanos {@link System#nanoTime()} when the 101 was written; 0 if it never was
 * @param closeCode code of the client's close frame: 1005 for a frame without a code, 0 when none came
 * @param closeReason reason in the client's close frame
 * @param end who ended it; {@link End#OPEN} while it lives
 * @param endDetail how, in words
 * @param endedNanos {@link System#nanoTime()} of the end; 0 while it lives
 */
public record AcceptRecord(
        int number,
        int localPort,
        int remotePort,
        long acceptedNanos,
        Instant acceptedAt,
        String path,
        UpgradeResult upgrade,
        int status,
        long openedNanos,
        int closeCode,
        String closeReason,
        End end,
        String endDetail,
        long endedNanos) {

    /** How the handshake went. */
    public enum UpgradeResult {
        /** No complete request yet, or the answer is held back. */
        PENDING,
        /** 101 was written. */
        OPENED,
        /** Another status was written. */
        REFUSED,
        /** By a fault there was no (complete or right) answer. */
        FAULTED
    }

    /** Who ended the connection. */
    public enum End {
        /** Not ended. */
        OPEN,
        /** The client sent a close frame first. */
        CLIENT_CLOSE,
        /** The client ended the TCP stream without a close frame. */
        CLIENT_FIN,
        /** The client reset TCP, or reading and writing failed. */
        CLIENT_RESET,
        /** The client broke the protocol and was told so by a close frame. */
        CLIENT_VIOLATION,
        /** The simulated exchange ended it by its rules (heartbeat, idle, limits, refusal, stop of the simulator). */
        SERVER,
        /** A fault ended it. */
        FAULT
    }
}
