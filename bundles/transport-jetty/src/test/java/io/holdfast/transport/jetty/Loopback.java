// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A byte of its own through the loopback. A write returns when the bytes are queued, and on a busy machine the kernel hands them
 * to the other socket later; as a rule a byte queued behind them comes out behind them.
 */
final class Loopback implements AutoCloseable {
    private final Socket in;
    private final Socket out;

    Loopback() {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            out = new Socket(server.getInetAddress(), server.getLocalPort());
            out.setTcpNoDelay(true);
            in = server.accept();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a rule, what the same thread wrote to sockets of the loopback before can be read now. */
    void round() throws IOException {
        out.getOutputStream().write(1);
        assertThat(in.getInputStream().read()).isEqualTo(1);
    }

    @Override
    public void close() {
        try {
            in.close();
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
