// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP proxy that knows CONNECT only, and takes every name for this machine. One thread for each direction of a tunnel. */
final class TunnelProxy implements AutoCloseable {
    private static final Pattern CONNECT = Pattern.compile("CONNECT (\\S+):(\\d+) HTTP/1\\.1\r\n(.*)", Pattern.DOTALL);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final Optional<String> credentials;

    /** Sent instead of a tunnel; empty for a tunnel. A text without an end keeps the client waiting. */
    private volatile Optional<String> answer = Optional.empty();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** @param credentials {@code user:password} wanted, empty for none */
    TunnelProxy(Optional<String> credentials) throws IOException {
        this.credentials = credentials;
        daemon(this::accept);
    }

    /** As it stands in the option {@code proxy}. */
    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void answer(String instead) {
        answer = Optional.of(instead);
    }

    void tunnel() {
        answer = Optional.empty();
    }

    /** Host and port of every request, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void daemon(Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (IOException e) {
                        // The end of a socket, mostly its other side's: the tunnel ends with it.
                        return;
                    }
                },
                "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws IOException;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            daemon(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        String request = head(client.getInputStream());
        Matcher connect = CONNECT.matcher(request);
        if (!connect.matches()) {
            reply(client, "HTTP/1.1 405 CONNECT only\r\n\r\n");
            client.close();
            return;
        }
        asked.add(connect.group(1) + ":" + connect.group(2));
        if (credentials.isPresent()
                && !connect.group(3)
                        .contains("Proxy-Authorization: Basic "
                                + Base64.getEncoder()
                                        .encodeToString(credentials.get().getBytes(StandardCharsets.UTF_8)) + "\r\n")) {
            reply(
                    client,
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n\r\n");
            client.close();
            return;
        }
        Optional<String> instead = answer;
        if (instead.isPresent()) {
            reply(client, instead.get());
            if (instead.get().isEmpty()) {
                client.close();
            }
            return;
        }
        Socket target = new Socket(InetAddress.getByName("127.0.0.1"), Integer.parseInt(connect.group(2)));
        sockets.add(target);
        reply(client, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
        daemon(() -> pump(client, target));
        pump(target, client);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static void reply(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
