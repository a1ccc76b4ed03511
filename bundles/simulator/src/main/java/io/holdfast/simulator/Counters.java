// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

/**
 * What went over one connection so far; a snapshot. "In" is from the client. Frames are counted out when their last byte
 * was given to the operating system.
 *
 * @param bytesIn bytes read behind the handshake, swallowed ones included
 * @param bytesOut bytes written behind the handshake
 * @param bytesSwallowed bytes read and thrown away while half-open
 * @param framesIn frames of every kind
 * @param framesOut frames of every kind
 * @param textIn complete text messages
 * @param binaryIn complete binary messages
 * @param pingsIn ping frames from the client
 * @param pongsOut pong frames sent
 * @param pingsOut ping frames sent
 * @param pongsMatched pongs whose payload was that of a ping not answered before
 * @param pongsUnsolicited all other pongs
 */
public record Counters(
        long bytesIn,
        long bytesOut,
        long bytesSwallowed,
        long framesIn,
        long framesOut,
        long textIn,
        long binaryIn,
        long pingsIn,
        long pongsOut,
        long pingsOut,
        long pongsMatched,
        long pongsUnsolicited) {}
