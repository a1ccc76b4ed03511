// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Characters that no {@code toString}, log or exception shows. Equality is by content. Immutable. */
public final class Secret {
    public static final Secret NONE = new Secret(new char[0]);

    private final char[] value;

    private Secret(char[] value) {
        this.value = value;
    }

    /** Takes a copy. */
    public static Secret of(char[] value) {
        return new Secret(value.clone());
    }

    /** A fresh copy, for the caller to clear. */
    public char[] reveal() {
        return value.clone();
    }

    /** In UTF-8. A fresh copy, for the caller to clear. */
    public byte[] bytes() {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(value));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }

    /** For what takes nothing but a text, such as a header; nobody can clear it. */
    public String text() {
        return new String(value);
    }

    public boolean isEmpty() {
        return value.length == 0;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Secret s && Arrays.equals(s.value, value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : "***";
    }
}
