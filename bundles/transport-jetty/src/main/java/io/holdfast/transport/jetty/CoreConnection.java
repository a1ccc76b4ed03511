// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/**
 * Jetty's connection: its reading, frame parser and writing. What it does for handlers that may answer at any time is left
 * out, because ours is done with a message when it returns: one demand lasts until somebody asks for a pause, and a whole
 * message goes to the handler past the session, which costs four locks, a callback and a reference count for each. Fragments,
 * control frames and all that is not as it should be go through the session, which judges them.
 */
final class CoreConnection extends WebSocketConnection {
    /** Takes messages that came in one frame, on the reading thread. */
    interface Messages {
        /** Whether a message of several frames has begun and is not over. */
        boolean isWithinFragments();

        void message(boolean text, ByteBuffer payload);
    }

    private final LinkEndPoint endPoint;
    private final WebSocketCoreSession session;
    private final Demand demand;
    private final Messages messages;

    /** @param demand {@link Demand#BUSY} is held as long as Jetty's own demand is out */
    CoreConnection(
            LinkEndPoint endPoint, Network network, WebSocketCoreSession session, Demand demand, Messages messages) {
        super(endPoint, network.threads(), network.scheduler(), network.buffers(), session);
        this.endPoint = endPoint;
        this.session = session;
        this.demand = demand;
        this.messages = messages;
    }

    /** For the one who took the last reason to pause away, and once to begin: reads on. */
    void resume() {
        demand.hold(Demand.BUSY);
        session.demand();
    }

    /** Jetty calls it before each frame. The demand that is out stays, for the frames behind this one too. */
    @Override
    public boolean meetDemand() {
        return true;
    }

    /** Jetty calls it after each frame. */
    @Override
    public boolean moreDemand() {
        if (!demand.isHeld(~Demand.BUSY)) {
            return true;
        }
        endPoint.pause();
        super.meetDemand();
        if (demand.release(Demand.BUSY)) {
            resume();
        }
        return super.moreDemand();
    }

    @Override
    protected void onFrame(Frame.Parsed frame) {
        if (isWhole(frame) && !messages.isWithinFragments() && !demand.isHeld(Demand.OVER)) {
            messages.message(frame.getOpCode() == OpCode.TEXT, frame.getPayload());
            return;
        }
        super.onFrame(frame);
        if (!session.isInputOpen()) {
            demand.hold(Demand.OVER);
        }
    }

    private static boolean isWhole(Frame.Parsed frame) {
        byte opCode = frame.getOpCode();
        return (opCode == OpCode.TEXT || opCode == OpCode.BINARY)
                && frame.isFin()
                && !frame.hasRsv()
                && !frame.isMasked()
                && !frame.isReleaseable();
    }
}
