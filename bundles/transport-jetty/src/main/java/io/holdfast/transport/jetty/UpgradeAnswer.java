// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.transport.jetty.frames.Compression;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The head of the server's answer to the opening handshake (RFC 9112, 4; RFC 6455, 4.2.2). */
record UpgradeAnswer(int status, String reason, Map<String, List<String>> headers) {
    private static final String PROTOCOL = "HTTP/";
    private static final String VERSION = "HTTP/1.1 ";
    private static final String OLDER_VERSION = "HTTP/1.0 ";
    private static final int SWITCHING = 101;
    private static final int DIGITS = 3;

    private static final String EXTENSIONS = "sec-websocket-extensions";

    /** An answer that is none. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** The index after the empty line that ends a head, -1 if there is none up to {@code length}. */
    static int endOfHead(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    // By hand: a thousand clients that come back at once parse a thousand answers, mostly in code that is not compiled
    // yet.
    static UpgradeAnswer parse(byte[] bytes, int length) throws Malformed {
        String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n");
        String line = head.substring(0, end);
        int status = status(line);
        if (status < 0) {
            String protocol = line.startsWith(PROTOCOL) ? PROTOCOL : "";
            String rest = line.substring(protocol.length());
            throw new Malformed("the answer is not HTTP/1.1: " + Text.shown(protocol + withoutAddress(rest)));
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (int from = end + 2; (end = head.indexOf("\r\n", from)) > from; from = end + 2) {
            add(headers, head.substring(from, end));
        }
        int reason = VERSION.length() + DIGITS + 1;
        return new UpgradeAnswer(status, line.length() < reason ? "" : line.substring(reason), headers);
    }

    /** The three digits of a status line, -1 if it is none that we understand. */
    private static int status(String line) {
        int after = VERSION.length() + DIGITS;
        boolean older = line.startsWith(OLDER_VERSION);
        if (!older && !line.startsWith(VERSION)
                || line.length() < after
                || line.length() > after && line.charAt(after) != ' ') {
            return -1;
        }
        int status = 0;
        for (int i = VERSION.length(); i < after; i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            status = 10 * status + c - '0';
        }
        return older && status == SWITCHING ? -1 : status;
    }

    private static void add(Map<String, List<String>> headers, String line) throws Malformed {
        int colon = line.indexOf(':');
        if (colon <= 0 || !UpgradeRequest.isToken(line.substring(0, colon))) {
            throw new Malformed("the answer has a broken header line: " + Text.shown(withoutAddress(line)));
        }
        headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                .add(line.substring(colon + 1).strip());
    }

    /** An answer before the answer: 100, 102, 103. */
    boolean isInterim() {
        return status >= 100 && status < 200 && status != SWITCHING;
    }

    /** Why this does not open the connection, empty if it does. */
    Optional<ConnectFailure> failure(UpgradeRequest request) {
        if (status != SWITCHING) {
            return Optional.of(new ConnectFailure(
                    ConnectFailure.Kind.HTTP,
                    Text.shown("HTTP " + status + " " + withoutAddress(reason)).strip(),
                    OptionalInt.of(status),
                    retryAfter(),
                    first("location").map(UpgradeAnswer::withoutQuery)));
        }
        return violation(request).map(text -> ConnectFailure.of(ConnectFailure.Kind.PROTOCOL, text));
    }

    /** What the server agreed to. */
    Optional<Compression> compression() throws Malformed {
        return Extensions.agreed(headers.getOrDefault(EXTENSIONS, List.of()));
    }

    private Optional<String> violation(UpgradeRequest request) {
        if (!has("upgrade", "websocket")) {
            return Optional.of("the answer 101 has no 'Upgrade: websocket'");
        }
        if (!has("connection", "upgrade")) {
            return Optional.of("the answer 101 has no 'Connection: Upgrade'");
        }
        if (!headers.getOrDefault("sec-websocket-accept", List.of()).equals(List.of(request.accept()))) {
            return Optional.of("the answer's Sec-WebSocket-Accept is missing or wrong");
        }
        if (!request.compression() && headers.containsKey(EXTENSIONS)) {
            return Optional.of("the answer has an extension that was not asked for: "
                    + Text.shown(String.join(", ", headers.get(EXTENSIONS))));
        }
        try {
            compression();
        } catch (Malformed e) {
            return Optional.of(e.getMessage());
        }
        List<String> protocol = headers.getOrDefault("sec-websocket-protocol", List.of());
        if (protocol.size() > 1 || !request.protocols().containsAll(protocol)) {
            return Optional.of(
                    "the answer has a sub-protocol that was not asked for: " + Text.shown(String.join(", ", protocol)));
        }
        return Optional.empty();
    }

    private boolean has(String name, String token) {
        for (String value : headers.getOrDefault(name, List.of())) {
            for (String each : value.split(",")) {
                if (each.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** When to come back, if the answer tells. */
    Optional<String> retryAfter() {
        return first("retry-after").map(Text::shown);
    }

    private Optional<String> first(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Who echoes sends our own request line back, or a part of it, and its address may hold a token. */
    private static String withoutAddress(String text) {
        return text.split("[/?]", 2)[0];
    }

    /** Query and user-info may be secrets. */
    private static String withoutQuery(String location) {
        return Text.shown(location.split("[?#]", 2)[0].replaceFirst("//[^/]*@", "//"));
    }
}
