// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.transport.jetty.frames.MessageReader;
import io.holdfast.transport.jetty.frames.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * The direct engine's reading: fill, take messages out, until there is nothing more or somebody asks for a pause. One
 * thread at a time does so, the one that holds {@link Demand#BUSY}; it goes through the listener's gate once for all
 * messages of a fill.
 */
final class ReadLoop extends AbstractConnection implements Connection.UpgradeTo {
    /** What is told on the reading thread; all but {@link #lost} inside the gate. */
    interface Handler {
        void opened();

        /** Asked after each call: whether more is to be read at all. */
        boolean goesOn();

        void message(boolean text, ByteBuffer payload);

        void ping(ByteBuffer payload);

        void pong(ByteBuffer payload);

        void closed(int code, String reason);

        void violated(int code, String text);

        void listenerFailed(Throwable thrown);

        /** @param failure null where the peer just ended the connection */
        void lost(Throwable failure);
    }

    private enum Outcome {
        EMPTY,
        PAUSE,
        OVER
    }

    private final LinkEndPoint endPoint;
    private final Network network;
    private final MessageReader reader;
    private final ListenerGate gate;
    private final Demand demand;
    private final Handler handler;

    /** Reading does not block, so the selector's thread does it. */
    private final Callback onFillable = new Callback() {
        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable failure) {
            handler.lost(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    };

    /** Null while there is nothing to keep; the reading thread's. */
    private ReadBuffer buffer;

    ReadLoop(
            LinkEndPoint endPoint,
            Network network,
            MessageReader reader,
            ListenerGate gate,
            Demand demand,
            Handler handler) {
        super(endPoint, network.threads());
        this.endPoint = endPoint;
        this.network = network;
        this.reader = reader;
        this.gate = gate;
        this.demand = demand;
        this.handler = handler;
    }

    /** What came together with the answer to the upgrade. */
    @Override
    public void onUpgradeTo(ByteBuffer first) {
        // An answer's head is limited, so what came behind it is less than a read buffer.
        buffer = network.readBuffers().take();
        BufferUtil.append(buffer.in(), first);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        demand.hold(Demand.BUSY);
        if (gate.enter()) {
            try {
                handler.opened();
            } finally {
                gate.leave();
            }
        }
        read();
    }

    @Override
    public void onFillable() {
        demand.hold(Demand.BUSY);
        read();
    }

    @Override
    public void onClose(Throwable failure) {
        super.onClose(failure);
        handler.lost(failure);
    }

    /** For the one who took the last reason to pause away: reads on, on another thread. */
    void resume() {
        demand.hold(Demand.BUSY);
        network.execute(this::read);
    }

    /** Gives back what is not the collector's. For the one who knows that nobody is or will be inside the gate. */
    void release() {
        reader.close();
    }

    private void read() {
        try {
            readOn();
        } catch (Error e) {
            // No memory, or a failed assertion of a direct listener. Nobody would read on, nor find out: the watch over
            // heartbeats waits for a read pass.
            giveBack();
            handler.lost(e);
            throw e;
        }
    }

    private void readOn() {
        while (true) {
            Outcome outcome = buffer == null ? Outcome.EMPTY : deliver();
            if (outcome == Outcome.OVER) {
                // Who reads remains marked as busy, so that nobody begins again.
                giveBack();
                if (gate.isOver()) {
                    release();
                }
                return;
            }
            if (outcome == Outcome.PAUSE) {
                endPoint.pause();
                if (!demand.release(Demand.BUSY)) {
                    return;
                }
                demand.hold(Demand.BUSY);
            } else if (!fill()) {
                return;
            }
        }
    }

    /** Whether there are bytes to be looked at. */
    private boolean fill() {
        if (buffer == null) {
            buffer = network.readBuffers().take();
        }
        BufferUtil.clear(buffer.in());
        int filled;
        try {
            filled = endPoint.fill(buffer.in());
        } catch (IOException | RuntimeException e) {
            giveBack();
            handler.lost(e);
            return false;
        }
        if (filled > 0) {
            return true;
        }
        giveBack();
        if (filled < 0) {
            handler.lost(null);
        } else {
            demand.release(Demand.BUSY);
            endPoint.fillInterested(onFillable);
        }
        return false;
    }

    private void giveBack() {
        endPoint.releaseUnread();
        if (buffer != null) {
            BufferUtil.clear(buffer.in());
            network.readBuffers().giveBack(buffer);
            buffer = null;
        }
    }

    private Outcome deliver() {
        if (!gate.enter()) {
            return Outcome.OVER;
        }
        try {
            return deliverInside();
        } catch (Violation e) {
            handler.violated(e.code(), e.getMessage());
        } catch (Exception | LinkageError | StackOverflowError e) {
            handler.listenerFailed(e);
        } finally {
            gate.leave();
        }
        return Outcome.OVER;
    }

    private Outcome deliverInside() throws Violation {
        ByteBuffer in = buffer.in();
        ByteBuffer view = buffer.view();
        while (true) {
            switch (reader.read(in, view)) {
                case NOTHING -> {
                    return Outcome.EMPTY;
                }
                case MESSAGE -> handler.message(reader.text(), reader.payload());
                case PING -> handler.ping(reader.payload());
                case PONG -> handler.pong(reader.payload());
                case CLOSE -> handler.closed(reader.closeCode(), reader.closeReason());
            }
            if (!handler.goesOn() || !gate.isHeld()) {
                return Outcome.OVER;
            }
            if (demand.isHeld(Demand.LISTENER | Demand.PONGS_WAIT)) {
                return Outcome.PAUSE;
            }
        }
    }
}
