// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.UpgradeRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A parsed request head (RFC 9112). Pure. */
public record HttpHead(String method, String version, UpgradeRequest request) {

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    /** @throws IllegalArgumentException when the text is no request head */
    static HttpHead parse(String text, List<String> alpn) {
        String[] lines = text.split("\r\n");
        String[] start = lines.length == 0 ? lines : lines[0].split(" ");
        if (start.length != 3 || !start[1].startsWith("/")) {
            throw new IllegalArgumentException("bad request line");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || lines[i].charAt(colon - 1) == ' ') {
                throw new IllegalArgumentException("bad header line");
            }
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).trim());
        }
        int question = start[1].indexOf('?');
        String path = question < 0 ? start[1] : start[1].substring(0, question);
        String query = question < 0 ? "" : start[1].substring(question + 1);
        String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        List<String> protocols = list(headers, "sec-websocket-protocol");
        return new HttpHead(start[0], start[2], new UpgradeRequest(decoded, query, headers, protocols, alpn));
    }

    String header(String name) {
        return request.header(name).orElse("");
    }

    boolean lists(String name, String token) {
        return list(request.headers(), name).stream().anyMatch(token::equalsIgnoreCase);
    }

    private static List<String> list(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of()).stream()
                .flatMap(COMMA::splitAsStream)
                .filter(s -> !s.isEmpty())
                .toList();
    }
}
