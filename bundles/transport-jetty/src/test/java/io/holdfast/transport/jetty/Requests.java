// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.TlsTrust;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Requests and payloads of the tests. */
final class Requests {
    static final Duration LONG = Duration.ofSeconds(60);

    private Requests() {}

    static ConnectRequest to(URI uri) {
        return new ConnectRequest(uri, Map.of(), LONG, LONG, LONG, 1 << 20, TlsTrust.DEFAULT);
    }

    static ConnectRequest to(URI uri, TlsTrust trust) {
        return new ConnectRequest(uri, Map.of(), LONG, LONG, LONG, 1 << 20, trust);
    }

    static ConnectRequest withHeaders(URI uri, Map<String, List<String>> headers) {
        return new ConnectRequest(uri, headers, LONG, LONG, LONG, 1 << 20, TlsTrust.DEFAULT);
    }

    static ConnectRequest withMaxMessage(URI uri, int bytes) {
        return new ConnectRequest(uri, Map.of(), LONG, LONG, LONG, bytes, TlsTrust.DEFAULT);
    }

    static ConnectRequest withWriteTimeout(URI uri, Duration limit) {
        return new ConnectRequest(uri, Map.of(), LONG, LONG, limit, 1 << 20, TlsTrust.DEFAULT);
    }

    static ConnectRequest withLimits(URI uri, Duration connect, Duration total) {
        return new ConnectRequest(uri, Map.of(), connect, total, LONG, 1 << 20, TlsTrust.DEFAULT);
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Completes with "sent" or with the reason of the failure; completing twice is a failure of its own. */
    static final class Sent implements SendCallback {
        final CompletableFuture<String> result = new CompletableFuture<>();
        volatile boolean twice;

        @Override
        public void sent() {
            twice |= !result.complete("sent");
        }

        @Override
        public void failed(String reason) {
            twice |= !result.complete("failed: " + reason);
        }
    }
}
