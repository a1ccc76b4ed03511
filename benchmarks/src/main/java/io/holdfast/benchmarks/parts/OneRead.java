// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.parts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What one read of a busy socket brings: text frames of a server, 512 bytes on average, a quarter of them short. */
public final class OneRead {
    public static final int MESSAGES = 8 * 15;

    private static final int[] LENGTHS = {330, 520, 160, 680, 330, 520, 160, 1396};

    private OneRead() {}

    /** @param head how each text begins; digits follow */
    public static ByteBuffer beginning(String head) {
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frames = ByteBuffer.allocate(64 * 1024);
        for (int i = 0; i < MESSAGES; i++) {
            int length = LENGTHS[i % LENGTHS.length];
            frames.put((byte) 0x81).put((byte) 126).putShort((short) length).put(first);
            for (int n = first.length; n < length; n++) {
                frames.put((byte) ('0' + n % 10));
            }
        }
        return frames.flip();
    }
}
