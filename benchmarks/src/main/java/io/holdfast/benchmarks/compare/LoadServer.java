// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.compare;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The other side: on {@code /flood} a text {@code go N SIZE} is answered by N messages, on {@code /echo} by itself; a connection to
 * {@code /idle} is only held. Loopback only. Ends when its standard input ends, that is with the process that started it.
 */
public final class LoadServer {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BATCH = 128 * 1024;

    private final Set<Socket> held = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) throws Exception {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 10_000);
        System.out.println("PORT " + server.getLocalPort());
        Thread acceptor = new Thread(() -> new LoadServer().accept(server), "accept");
        acceptor.setDaemon(true);
        acceptor.start();
        while (System.in.read() >= 0) {
            // waits for the end
        }
    }

    private void accept(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> begin(socket), "connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                System.err.println("no connection is accepted any more: " + e);
                return;
            }
        }
    }

    /** Some clients open connections that they then do not use: each has a thread until its path is known. */
    private void begin(Socket socket) {
        try {
            socket.setTcpNoDelay(true);
            String path = shakeHands(socket);
            if (path.equals("/idle")) {
                held.add(socket);
            } else {
                serve(socket, path);
            }
        } catch (IOException e) {
            // The client's process has ended; that is how each measurement does.
            return;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shakeHands(Socket socket) throws IOException, GeneralSecurityException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("closed in the handshake");
            }
            head.append((char) b);
        }
        String key = "";
        for (String line : head.toString().split("\r\n")) {
            if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                key = line.substring(18).trim();
            }
        }
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
        String answer =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(digest)
                        + "\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        return head.substring(head.indexOf(" ") + 1).split(" ", 2)[0];
    }

    private static void serve(Socket socket, String path) throws IOException {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            while (true) {
                int opCode = in.readUnsignedByte() & 0x0f;
                int length = in.readUnsignedByte() & 0x7f;
                if (length == 126) {
                    length = in.readUnsignedShort();
                }
                byte[] mask = in.readNBytes(4);
                byte[] payload = in.readNBytes(length);
                for (int i = 0; i < length; i++) {
                    payload[i] ^= mask[i & 3];
                }
                if (opCode == 8) {
                    return;
                }
                if (opCode != 1) {
                    continue;
                }
                if (path.equals("/echo")) {
                    out.write(frame(payload));
                } else {
                    String[] order = new String(payload, StandardCharsets.US_ASCII).split(" ");
                    flood(out, Long.parseLong(order[1]), Integer.parseInt(order[2]));
                }
            }
        }
    }

    private static void flood(OutputStream out, long count, int size) throws IOException {
        byte[] one = frame(message(size));
        int inBatch = Math.max(1, BATCH / one.length);
        byte[] batch = new byte[inBatch * one.length];
        for (int i = 0; i < inBatch; i++) {
            System.arraycopy(one, 0, batch, i * one.length, one.length);
        }
        for (long left = count; left > 0; left -= inBatch) {
            out.write(batch, 0, (int) Math.min(left, inBatch) * one.length);
        }
    }

    /** A notification as exchanges send them, padded to the size. */
    static byte[] message(int size) {
        StringBuilder text = new StringBuilder(
                "{\"jsonrpc\":\"2.0\",\"method\":\"subscription\",\"params\":{\"channel\":\"ticker.BTC-PERPETUAL\",\"data\":{\"p\":\"");
        while (text.length() < size - 4) {
            text.append((char) ('0' + text.length() % 10));
        }
        return text.append("\"}}}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] frame(byte[] payload) {
        int head = payload.length < 126 ? 2 : 4;
        byte[] frame = new byte[head + payload.length];
        frame[0] = (byte) 0x81;
        if (head == 2) {
            frame[1] = (byte) payload.length;
        } else {
            frame[1] = 126;
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        System.arraycopy(payload, 0, frame, head, payload.length);
        return frame;
    }
}
