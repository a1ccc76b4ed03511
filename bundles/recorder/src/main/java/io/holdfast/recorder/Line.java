// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.FrameObserver.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** One line of a recording. Pure. */
final class Line {
    private static final int CONTROL = ' ';

    private Line() {}

    /** A frame as it was kept on its way to the writer. */
    record Frame(Origin origin, Kind kind, boolean outbound, byte[] payload, boolean secret, long nanos) {}

    static byte[] of(Frame frame, long epochNanos, Masking masking) {
        Kind kind = frame.kind();
        StringBuilder line = new StringBuilder(160 + frame.payload().length * 2);
        line.append("{\"t_ns\":").append(epochNanos);
        line.append(",\"client\":");
        quote(line, frame.origin().client());
        line.append(",\"incarnation\":").append(frame.origin().incarnation());
        line.append(",\"connection\":").append(frame.origin().connection());
        line.append(",\"dir\":\"").append(kind == Kind.OPEN ? "open" : frame.outbound() ? "send" : "recv");
        line.append("\",\"kind\":\"")
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append('"');
        switch (kind) {
            case OPEN -> line.append(",\"frame\":\"\"");
            case TEXT -> text(line, masking.mask(string(frame.payload(), 0), frame.secret()));
            case BINARY, PING, PONG -> {
                if (frame.secret()) {
                    text(line, Masking.MASK);
                } else {
                    line.append(",\"base64\":true");
                    text(line, Base64.getEncoder().encodeToString(frame.payload()));
                }
            }
            case CLOSE -> close(line, frame.payload());
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void close(StringBuilder line, byte[] payload) {
        line.append(",\"code\":")
                .append(payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF);
        text(line, payload.length < 2 ? "" : string(payload, 2));
    }

    /** Says how many frames are missing here. */
    static byte[] gap(long epochNanos, long missing) {
        return ("{\"t_ns\":" + epochNanos + ",\"dir\":\"gap\",\"missing\":" + missing + ",\"frame\":\"\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String string(byte[] bytes, int from) {
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private static void text(StringBuilder line, String text) {
        line.append(",\"frame\":");
        quote(line, text);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < CONTROL) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
