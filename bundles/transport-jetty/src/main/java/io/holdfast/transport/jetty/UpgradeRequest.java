// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The request of one opening handshake (RFC 6455, 4.1). Its text may hold secrets: it is never printed.
 *
 * @param host the name to resolve and to expect in the certificate, without the brackets of an IPv6 address
 * @param text the request as it is sent
 * @param accept the only right value of Sec-WebSocket-Accept
 * @param protocols the sub-protocols offered in the caller's headers
 * @param compression whether compression is offered
 */
record UpgradeRequest(
        boolean secure,
        String host,
        int port,
        String text,
        String accept,
        List<String> protocols,
        boolean compression) {
    private static final String PROTOCOL = "sec-websocket-protocol";
    private static final int MAX_PORT = 65_535;

    /** Headers of which there may be but one, and it is the transport's. */
    private static final Set<String> OWN = Set.of(
            "host",
            "connection",
            "upgrade",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-accept",
            "sec-websocket-extensions",
            "content-length",
            "transfer-encoding");

    /** @param nonce 16 random bytes */
    static UpgradeRequest of(URI uri, Map<String, List<String>> headers, byte[] nonce, boolean compression) {
        boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
        if (!secure && !"ws".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("uri: the scheme must be ws or wss");
        }
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("uri: there is no host name");
        }
        int usual = secure ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("uri: the port must be from 1 to " + MAX_PORT);
        }
        String key = Base64.getEncoder().encodeToString(nonce);
        StringBuilder text = new StringBuilder(256);
        text.append("GET ").append(target(uri)).append(" HTTP/1.1\r\n");
        add(text, "Host", port == usual ? host : host + ":" + port);
        add(text, "Upgrade", "websocket");
        add(text, "Connection", "Upgrade");
        add(text, "Sec-WebSocket-Key", key);
        add(text, "Sec-WebSocket-Version", "13");
        if (compression) {
            add(text, "Sec-WebSocket-Extensions", Extensions.OFFER);
        }
        boolean hasAgent = false;
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            String name = header.getKey();
            hasAgent |= "user-agent".equalsIgnoreCase(name);
            for (String value : header.getValue()) {
                add(text, checkedName(name), checkedValue(name, value));
            }
        }
        if (!hasAgent) {
            // Some servers turn away requests that have none.
            add(text, "User-Agent", "Holdfast");
        }
        text.append("\r\n");
        return new UpgradeRequest(
                secure, unbracketed(host), port, text.toString(), accept(key), offered(headers), compression);
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return "UpgradeRequest[" + host + ":" + port + "]";
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        // URI lets "other" characters stand as they are; on the wire they are UTF-8, percent-encoded.
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) > 127) {
                return URI.create(target).toASCIIString();
            }
        }
        return target;
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static void add(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    private static String checkedName(String name) {
        if (!isToken(name)) {
            throw new IllegalArgumentException("headers: '" + Text.shown(name) + "' is not a header name");
        }
        if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("headers: " + name + " is set by the transport");
        }
        return name;
    }

    private static String checkedValue(String name, String value) {
        // The value may be a secret, so only the name is said.
        if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f))) {
            throw new IllegalArgumentException(
                    "headers: the value of " + name + " has a character that no header may have");
        }
        return value;
    }

    /** Whether the text is a name as HTTP has them (RFC 9110, 5.6.2). */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isTokenChar(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c == '-'
                || c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    private static List<String> offered(Map<String, List<String>> headers) {
        List<String> offered = new ArrayList<>(0);
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (PROTOCOL.equalsIgnoreCase(header.getKey())) {
                for (String value : header.getValue()) {
                    for (String protocol : value.split(",")) {
                        offered.add(protocol.strip());
                    }
                }
            }
        }
        return List.copyOf(offered);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
