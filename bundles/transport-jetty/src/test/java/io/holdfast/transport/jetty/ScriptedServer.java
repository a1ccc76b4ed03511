// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that plays one script per connection, each on its own thread. */
final class ScriptedServer implements AutoCloseable {
    @FunctionalInterface
    interface Script {
        void play(Peer peer) throws Exception;
    }

    /** What scripts failed with, for the test to look at. */
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    final AtomicInteger accepted = new AtomicInteger();
    private final ServerSocket socket;
    private final Script script;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    ScriptedServer(Script script) throws IOException {
        this(new ServerSocket(0, 4096, InetAddress.getByName("127.0.0.1")), script);
    }

    ScriptedServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
        daemon("test-server-accept", this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + port() + "/");
    }

    URI uri(String rest) {
        return URI.create("ws://127.0.0.1:" + port() + rest);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                open.add(client);
                daemon("test-server-peer", () -> play(client));
            }
        } catch (IOException e) {
            // The server was closed.
        }
    }

    private void play(Socket client) {
        try (Peer peer = new Peer(client)) {
            script.play(peer);
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            open.remove(client);
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }
}
