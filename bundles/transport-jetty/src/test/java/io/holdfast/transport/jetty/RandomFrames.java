// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Streams of frames as a server might send them: mostly right, of every kind and size, sometimes wrong in one place. */
final class RandomFrames {
    private final Random random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int frames;
    private boolean within;
    private boolean text;

    RandomFrames(Random random) {
        this.random = random;
    }

    int frames() {
        return frames;
    }

    /** One stream; afterwards another may be asked for. */
    byte[] stream() {
        out.reset();
        within = false;
        for (int i = 1 + random.nextInt(30); i > 0; i--) {
            frame();
            frames++;
        }
        if (random.nextInt(4) == 0) {
            byte[] reason = new byte[random.nextInt(6)];
            random.nextBytes(reason);
            add(
                    0x88,
                    random.nextBoolean()
                            ? new byte[0]
                            : Peer.join(
                                    new byte[] {(byte) (3 + random.nextInt(14)), (byte) random.nextInt()},
                                    random.nextInt(8) == 0 ? reason : new byte[0]));
            frames++;
        }
        byte[] stream = out.toByteArray();
        if (random.nextInt(16) == 0) {
            // Anything at all, lengths included.
            stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return stream;
    }

    private void frame() {
        int kind = random.nextInt(1000);
        if (kind < 100) {
            add(0x89 + random.nextInt(2), bytes(random.nextInt(126)));
        } else if (kind < 103) {
            add(random.nextInt(256), random.nextBoolean() ? bytes(random.nextInt(200)) : new byte[0]);
        } else if (within) {
            within = random.nextInt(3) > 0;
            add(within ? 0 : 0x80, text ? utf8(size()) : bytes(size()));
        } else {
            text = random.nextInt(3) > 0;
            within = random.nextInt(4) == 0;
            add((within ? 0 : 0x80) | (text ? 1 : 2), text ? utf8(size()) : bytes(size()));
        }
    }

    private int size() {
        int kind = random.nextInt(5000);
        return kind < 4000
                ? random.nextInt(130)
                : kind < 4950
                        ? random.nextInt(300)
                        : kind < 4999 ? random.nextInt(3000) : 65_000 + random.nextInt(2000);
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Text, mostly of ASCII; now and then cut within a character. */
    private byte[] utf8(int size) {
        StringBuilder text = new StringBuilder();
        boolean ascii = random.nextInt(3) > 0;
        while (text.length() < size) {
            text.appendCodePoint(
                    ascii || random.nextInt(4) > 0
                            ? 32 + random.nextInt(90)
                            : random.nextBoolean() ? 0x80 + random.nextInt(0xd700) : 0x10000 + random.nextInt(0xffff));
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(300) == 0 ? java.util.Arrays.copyOf(bytes, Math.max(0, bytes.length - 1)) : bytes;
    }

    private void add(int firstByte, byte[] payload) {
        byte[] frame = Peer.frame(firstByte, payload);
        if (random.nextInt(300) == 0) {
            // A length in more bytes than it needs.
            int length = payload.length;
            out.write(firstByte);
            out.write(127);
            out.writeBytes(new byte[] {0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8), (byte) length});
            out.writeBytes(payload);
        } else {
            out.writeBytes(frame);
        }
    }
}
