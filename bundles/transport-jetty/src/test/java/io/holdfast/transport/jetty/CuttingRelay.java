// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** Stands between a client and a server and passes what the server sends on in pieces of a size, whatever they cut through. */
final class CuttingRelay implements AutoCloseable {
    private final ScriptedServer front;

    CuttingRelay(int serverPort, int piece) throws IOException {
        front = new ScriptedServer(client -> {
            try (Socket server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort)) {
                Thread up = new Thread(() -> copy(client.socket, server, 1 << 16));
                up.setDaemon(true);
                up.start();
                copy(server, client.socket, piece);
            }
        });
    }

    int port() {
        return front.port();
    }

    private static void copy(Socket from, Socket to, int piece) {
        byte[] bytes = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                for (int at = 0; at < read; at += piece) {
                    out.write(bytes, at, Math.min(piece, read - at));
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side has ended, and so has this.
        }
    }

    @Override
    public void close() throws IOException {
        front.close();
    }
}
