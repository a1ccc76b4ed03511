// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.Received;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** What comes from the client behind the handshake: counted, kept, and handed to the script. Loop thread only. */
final class Inbox implements FrameDecoder.Sink {

    private final Connection connection;
    private final Host host;
    private final Tally tally;
    private final ArrayDeque<Received> received = new ArrayDeque<>();

    Inbox(Connection connection, Host host, Tally tally) {
        this.connection = connection;
        this.host = host;
        this.tally = tally;
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public boolean frame() {
        tally.framesIn++;
        return connection.wantsFrames();
    }

    @Override
    public boolean message(int opcode, byte[] payload) {
        if (!connection.isOpen()) {
            return connection.wantsFrames(); // only the close frame is still of interest
        }
        if (opcode == Frames.TEXT) {
            tally.textIn++;
            keep(Received.Kind.TEXT, payload);
            String text = new String(payload, StandardCharsets.UTF_8);
            connection.guarded(() -> connection.handler().onText(connection.session(), text));
        } else {
            tally.binaryIn++;
            keep(Received.Kind.BINARY, payload);
            connection.guarded(() -> connection.handler().onBinary(connection.session(), payload));
        }
        return connection.wantsFrames();
    }

    @Override
    public boolean control(int opcode, byte[] payload) {
        if (opcode == Frames.CLOSE) {
            int code = payload.length < 2 ? Frames.NO_CODE : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
            connection.clientClosed(
                    code, payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
            return false;
        }
        if (!connection.isOpen()) {
            return connection.wantsFrames();
        }
        if (opcode == Frames.PING) {
            tally.pingsIn++;
            keep(Received.Kind.PING, payload);
            if (!host.pongsWithheld(connection)) {
                connection.guarded(() -> connection.handler().onPing(connection.session(), payload));
            }
        } else {
            tally.pongReceived(payload);
            keep(Received.Kind.PONG, payload);
            connection.guarded(() -> connection.handler().onPong(connection.session(), payload));
        }
        return connection.wantsFrames();
    }

    private void keep(Received.Kind kind, byte[] payload) {
        int limit = host.options().keepReceived();
        if (limit == 0) {
            return;
        }
        if (received.size() == limit) {
            received.poll();
        }
        received.add(new Received(System.nanoTime(), kind, payload));
    }
}
