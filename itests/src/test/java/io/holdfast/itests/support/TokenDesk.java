// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exchange that lets in nobody without a token of its desk, and nobody twice with the same one: the desk gives them out over
 * HTTP, a gate in front of the simulator looks at them.
 */
public final class TokenDesk implements AutoCloseable {

    /** All tokens begin so. */
    public static final String TOKEN = "cAnArY-token-";

    public static final String KEY = "cAnArY-key";

    private static final Pattern ASKED = Pattern.compile("^GET \\S*[?&]token=([^& ]+)");
    private static final int LONGEST_HEAD = 16 * 1024;

    private final Simulator simulator;
    private final String path;
    private final HttpServer desk;
    private final ServerSocket gate;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "token-desk");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> issued = new CopyOnWriteArrayList<>();
    private final Set<String> unused = ConcurrentHashMap.newKeySet();
    private final List<String> admitted = new CopyOnWriteArrayList<>();
    private final List<String> turnedAway = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** What the desk does with the next questions, one after another; then it answers as it should. */
    private final List<Next> planned = new ArrayList<>();

    private volatile CountDownLatch held = new CountDownLatch(0);

    /** Instead of a proper answer. */
    public enum Next {
        CLOSED,
        /** An address that cannot be read, with a token in it. */
        NONSENSE,
        /** The answer comes when {@link TokenDesk#release} says so. */
        HELD
    }

    /** @param path of the simulator */
    public TokenDesk(Simulator simulator, String path) {
        this.simulator = simulator;
        this.path = path;
        try {
            gate = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            desk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        desk.setExecutor(threads);
        desk.createContext("/token", this::give);
        desk.start();
        threads.execute(this::admit);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + desk.getAddress().getPort() + "/token");
    }

    /** Where the gate is, for those who bring a token by themselves. */
    public URI gate(String token) {
        return URI.create("http://127.0.0.1:" + gate.getLocalPort() + path + "?token=" + token);
    }

    /** Tokens given out, in order. */
    public List<String> issued() {
        return issued;
    }

    /** Tokens that were let in, in order. */
    public List<String> admitted() {
        return admitted;
    }

    /** Tokens that were not. */
    public List<String> turnedAway() {
        return turnedAway;
    }

    public void next(Next next) {
        synchronized (planned) {
            planned.add(next);
        }
        if (next == Next.HELD) {
            held = new CountDownLatch(1);
        }
    }

    public void release() {
        held.countDown();
    }

    private void give(HttpExchange exchange) throws IOException {
        Next next;
        synchronized (planned) {
            next = planned.isEmpty() ? null : planned.remove(0);
        }
        try (exchange) {
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-Key"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (next == Next.CLOSED) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            String token = TOKEN + (issued.size() + 1) + "-" + Long.toString(System.nanoTime(), 36);
            issued.add(token);
            unused.add(token);
            if (next == Next.HELD) {
                held.await();
            }
            String address = "ws" + gate(token).toString().substring("http".length());
            byte[] body =
                    (next == Next.NONSENSE ? "ws://127.0.0.1/ " + token : address).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit() {
        while (!gate.isClosed()) {
            try {
                Socket client = gate.accept();
                sockets.add(client);
                threads.execute(() -> look(client));
            } catch (IOException e) {
                if (!gate.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void look(Socket client) {
        try (client) {
            byte[] head = head(client.getInputStream());
            Matcher asked = ASKED.matcher(new String(head, StandardCharsets.ISO_8859_1));
            String token = asked.find() ? asked.group(1) : "";
            if (!unused.remove(token)) {
                turnedAway.add(token);
                client.getOutputStream()
                        .write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            admitted.add(token);
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
                sockets.add(server);
                server.getOutputStream().write(head);
                threads.execute(() -> copy(client, server));
                copy(server, client);
            }
        } catch (SocketException e) {
            // One of the two sides is gone, as connections go in these tests.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sockets.remove(client);
        }
    }

    private static byte[] head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < LONGEST_HEAD) {
            int next = in.read();
            if (next < 0) {
                throw new SocketException("ended within the request");
            }
            head.append((char) next);
        }
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Until one of the two ends; then both do. */
    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
        } catch (IOException e) {
            // Reset by the simulator, or by the client: the other side learns it by the end.
        } finally {
            sockets.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        held.countDown();
        desk.stop(0);
        gate.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
