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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The head of the server's answer to the opening handshake (RFC 9112, 4; RFC 6455, 4.2.2). */
record UpgradeAnswer(int status, String reason, Map<String, List<String>> headers) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3})(?: (.*))?", Pattern.DOTALL);
    private static final Pattern OLDER = Pattern.compile("HTTP/1\\.0 (\\d{3})(?: (.*))?", Pattern.DOTALL);

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

    static UpgradeAnswer parse(byte[] bytes, int length) throws Malformed {
        String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r\n");
        Matcher status = STATUS_LINE.matcher(lines[0]);
        if (!status.matches()) {
            status = OLDER.matcher(lines[0]);
            if (!status.matches() || status.group(1).equals("101")) {
                throw new Malformed("the answer is not HTTP/1.1: " + Text.shown(lines[0]));
            }
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || !lines[i].substring(0, colon).chars().allMatch(UpgradeRequest::isTokenChar)) {
                throw new Malformed("the answer has a broken header line: " + Text.shown(lines[i]));
            }
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new UpgradeAnswer(
                Integer.parseInt(status.group(1)), status.group(2) == null ? "" : status.group(2), headers);
    }

    /** An answer before the answer: 100, 102, 103. */
    boolean isInterim() {
        return status >= 100 && status < 200 && status != 101;
    }

    /** Why this does not open the connection, empty if it does. */
    Optional<ConnectFailure> failure(UpgradeRequest request) {
        if (status != 101) {
            return Optional.of(new ConnectFailure(
                    ConnectFailure.Kind.HTTP,
                    Text.shown("HTTP " + status + " " + reason).strip(),
                    OptionalInt.of(status),
                    first("retry-after").map(Text::shown),
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
        return headers.getOrDefault(name, List.of()).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(value -> value.strip().equalsIgnoreCase(token));
    }

    private Optional<String> first(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Query and user-info may be secrets. */
    private static String withoutQuery(String location) {
        return Text.shown(location.split("[?#]", 2)[0].replaceFirst("//[^/]*@", "//"));
    }
}
