// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A client that opens a WebSocket and then says nothing at all, not even the pongs that RFC 6455 demands. */
final class SilentClient implements AutoCloseable {
    private final Socket socket;

    SilentClient(int port, String path) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String key = Base64.getEncoder().encodeToString("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads all that comes until the server ends it. */
    void awaitEnd() throws IOException {
        socket.setSoTimeout((int) Rig.LIMIT.toMillis());
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        while (in.read(buffer) >= 0) {
            // Only the end counts.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
