// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.AcceptRecord.UpgradeResult;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.UpgradeRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One accepted socket, from request head to closed. Loop thread only. */
public final class Connection implements Pipe.Reader {
    private enum State {
        /** Reading the request head. */
        HEAD,
        /** Request read, not (fully) answered. */
        REQUESTED,
        OPEN,
        /** Our close frame is out or on its way; the client's is awaited. */
        CLOSING,
        /** Nothing more is to be sent but what is queued, then FIN; what comes is thrown away. */
        DRAINING,
        CLOSED
    }

    private static final long PATIENCE_NANOS = 5_000_000_000L; // for the client's part in ending a connection

    private final Logger log = LoggerFactory.getLogger(Connection.class);
    private final Host host;
    private final Loop loop;
    private final Pipe pipe;
    private final Outbox outbox;
    private final AcceptEntry entry;
    private final Session session;
    private final Tally tally = new Tally();
    private final FrameDecoder decoder;
    private final Inbox inbox;
    private final Timers timers;
    private final Opening opening;
    private State state = State.HEAD;
    private ConnectionHandler handler = new ConnectionHandler() {};
    private String protocol = "";
    private boolean halfOpen;
    private boolean onOpenCalled;
    private Loop.Timer patience;
    private final List<Runnable> atEnd = new ArrayList<>(0);

    public Connection(Host host, Loop loop, SocketChannel channel, int number) throws IOException {
        this.host = host;
        this.loop = loop;
        pipe = new Pipe(loop, channel, host.options(), this);
        outbox = pipe.outbox();
        entry = new AcceptEntry(number, pipe.localPort(), pipe.remotePort());
        session = new LoopSession(this, loop, host);
        opening = new Opening(pipe::alpn);
        timers = new Timers(loop, this::guarded);
        inbox = new Inbox(this, host, tally);
        decoder = new FrameDecoder(inbox, host.options().maxMessage());
    }

    // -- what others may know ----------------------------------------------------------------------------------------

    public int number() {
        return entry.number();
    }

    public Session session() {
        return session;
    }

    /** Null before the request was read. */
    public UpgradeRequest request() {
        return opening.head() == null ? null : opening.head().request();
    }

    public String path() {
        return opening.head() == null ? "" : opening.head().request().path();
    }

    public String protocol() {
        return protocol;
    }

    public ConnectionHandler handler() {
        return handler;
    }

    public boolean isOpen() {
        return state == State.OPEN && !entry.ended();
    }

    private boolean live() {
        return isOpen() && !halfOpen;
    }

    public AcceptRecord record() {
        return entry.snapshot();
    }

    public Counters counters() {
        return tally.snapshot(outbox.bytesOut(), outbox.framesOut());
    }

    public List<Received> received() {
        return inbox.received();
    }

    // -- answering the request ---------------------------------------------------------------------------------------

    /** Answers 101; the handler is in place before the first byte of it is written. */
    public void open(ConnectionHandler script, String agreed) {
        if (state != State.REQUESTED) {
            return;
        }
        handler = script;
        protocol = agreed;
        state = State.OPEN;
        entry.answered(UpgradeResult.OPENED, 101);
        outbox.add(Handshake.accept(key(), protocol), tag -> outbox.startCounting(), 0);
        pipe.flush(); // at once: a script that closes in onOpen must not take the answer back
        if (isOpen()) {
            onOpenCalled = true;
            guarded(() -> handler.onOpen(session));
        }
    }

    private String key() {
        return opening.head().header("sec-websocket-key");
    }

    public void refuse(int status, Map<String, String> headers) {
        if (state != State.HEAD && state != State.REQUESTED) {
            return;
        }
        entry.answered(UpgradeResult.REFUSED, status);
        end(End.SERVER, "refused with " + status);
        outbox.add(Handshake.refuse(status, headers), null, 0);
        drain();
    }

    /** Answers a plain request with JSON. */
    public void answer(String json) {
        entry.answered(UpgradeResult.REFUSED, 200);
        end(End.SERVER, "answered without upgrade");
        outbox.add(Handshake.page(json), null, 0);
        drain();
    }

    /** The attempt goes wrong on purpose: writes the first {@code share} of a 101 answer whose key may be wrong. */
    public void halfAnswer(double share, boolean rightKey) {
        byte[] answer = Handshake.accept(rightKey ? key() : "wrong", protocol);
        entry.answered(UpgradeResult.FAULTED, share < 1 ? 0 : 101);
        outbox.add(Arrays.copyOf(answer, (int) (answer.length * share)), null, 0);
        pipe.flush();
    }

    /** FIN instead of (the rest of) an answer. */
    public void endUnanswered(String detail) {
        end(End.FAULT, detail);
        drain();
    }

    public void leaveUnanswered() {
        entry.answered(UpgradeResult.FAULTED, 0);
    }

    // -- sending -----------------------------------------------------------------------------------------------------

    /** @param done told when written; not at all when the connection ends before that */
    public void send(byte[] frame, Outbox.Done done, long tag) {
        if (!live()) {
            return;
        }
        outbox.add(frame, done, tag);
        if (outbox.pendingBytes() > host.options().maxPending()) {
            tooSlow("slow reader: " + outbox.pendingBytes() + " bytes wait");
            return;
        }
        pipe.flush();
    }

    public void send(byte[] frame) {
        send(frame, null, 0);
    }

    private void tooSlow(String detail) {
        end(End.SERVER, detail);
        if (handler instanceof SlowReaderNotice notice) {
            outbox.dropUnstarted();
            outbox.add(notice.tooSlow(), null, 0);
            drain();
        } else {
            dispose();
        }
    }

    public void ping(byte[] payload) {
        if (live()) {
            tally.pingSent(payload);
            send(Frames.frame(true, Frames.PING, payload));
        }
    }

    public void pong(byte[] payload) {
        if (live()) {
            tally.pongsOut++;
            send(Frames.frame(true, Frames.PONG, payload));
        }
    }

    /** @param perSecond pace; 0 for as fast as the client reads */
    public CompletableFuture<Long> play(Playback playback, double perSecond) {
        if (!live()) {
            playback.finished();
        } else if (perSecond > 0) {
            outbox.addPaced(playback);
            playback.paced(this, perSecond);
        } else {
            outbox.add(playback);
            pipe.flush();
        }
        return playback.done();
    }

    void endPlay(Playback paced) {
        outbox.markEnd(paced);
        pipe.flush();
    }

    /** Runs an action unless the connection has ended or gone half-open by then; null when it has already. */
    public Loop.Timer later(long delayNanos, Runnable action) {
        return timers.start(delayNanos, action);
    }

    public void cancel(Loop.Timer timer) {
        timers.cancel(timer);
    }

    // -- ending ------------------------------------------------------------------------------------------------------

    /** Runs an action when the connection ends; at once if it has ended. */
    public void atEnd(Runnable action) {
        if (entry.ended()) {
            action.run();
        } else {
            atEnd.add(action);
        }
    }

    /** Starts the close handshake. */
    public void close(End who, int code, String reason) {
        byte[] frame = Frames.close(code, reason);
        if (state != State.OPEN || halfOpen && who != End.FAULT) {
            return;
        }
        state = State.CLOSING;
        end(who, "close " + code + (reason.isEmpty() ? "" : " " + reason));
        outbox.dropUnstarted();
        outbox.add(frame, null, 0);
        patience = restart(patience);
        pipe.flush();
    }

    /** FIN without a close frame. */
    public void fin(End who, String detail) {
        if (state == State.CLOSED || halfOpen && who != End.FAULT) {
            return;
        }
        end(who, detail);
        outbox.dropUnstarted();
        drain();
    }

    /** Half a text frame, then FIN. */
    public void cut() {
        if (live()) {
            end(End.FAULT, "cut in mid-frame");
            outbox.dropUnstarted();
            byte[] frame = Frames.text("{\"cut\":\"this frame ends in its middle\"}");
            outbox.add(Arrays.copyOf(frame, frame.length / 2), null, 0);
            drain();
        }
    }

    /** RST. */
    public void reset(End who, String detail) {
        end(who, detail);
        dispose(true);
    }

    /** Nothing goes out any more, what comes is thrown away. */
    public void goHalfOpen() {
        halfOpen = true;
        timers.stop();
        outbox.clear();
        pipe.flush();
    }

    public void pauseReading(boolean paused) {
        pipe.pauseReading(paused);
    }

    private void end(End who, String detail) {
        if (entry.ended()) {
            return;
        }
        entry.end(who, detail);
        timers.stop();
        atEnd.forEach(Runnable::run);
        if (onOpenCalled) {
            guarded(() -> handler.onEnd(session));
        }
    }

    private void drain() {
        if (state != State.DRAINING && state != State.CLOSED) {
            state = State.DRAINING;
            patience = restart(patience);
        }
        pipe.finWhenEmpty();
    }

    private Loop.Timer restart(Loop.Timer running) {
        loop.cancel(running);
        return loop.schedule(PATIENCE_NANOS, this::dispose);
    }

    /** Closes the socket now. */
    public void dispose() {
        dispose(false);
    }

    private void dispose(boolean reset) {
        if (state == State.CLOSED) {
            return;
        }
        end(End.SERVER, "socket closed");
        state = State.CLOSED;
        loop.cancel(patience);
        pipe.close(reset);
        host.gone(this);
    }

    // -- socket ------------------------------------------------------------------------------------------------------

    @Override
    public void broken(IOException cause) {
        end(End.CLIENT_RESET, String.valueOf(cause.getMessage()));
        dispose();
    }

    @Override
    public void endOfStream() {
        end(End.CLIENT_FIN, "end of stream");
        dispose();
    }

    @Override
    public void bytes(ByteBuffer in) {
        if (state == State.HEAD) {
            int status = opening.read(in);
            if (status == Opening.MORE) {
                return;
            }
            entry.path(path());
            if (status == 101) {
                state = State.REQUESTED;
                host.requested(this);
            } else if (status == 426) {
                host.asked(this, status);
            } else {
                refuse(status, Map.of());
            }
        }
        if (state != State.OPEN && state != State.CLOSING) {
            return;
        }
        tally.bytesIn += in.remaining();
        if (halfOpen) {
            tally.bytesSwallowed += in.remaining();
            return;
        }
        try {
            decoder.decode(in);
        } catch (ProtocolViolation e) {
            end(End.CLIENT_VIOLATION, e.code() + " " + e.getMessage());
            outbox.dropUnstarted();
            outbox.add(Frames.close(e.code(), e.getMessage()), null, 0);
            drain();
        }
    }

    // -- what the inbox needs ---------------------------------------------------------------------------------------

    /** Whether frames are still of interest: until the client's close frame, and not once half-open. */
    boolean wantsFrames() {
        return (state == State.OPEN || state == State.CLOSING) && !halfOpen;
    }

    void clientClosed(int code, String reason) {
        entry.clientClose(code, reason);
        if (state == State.OPEN) {
            end(End.CLIENT_CLOSE, "close " + code + (reason.isEmpty() ? "" : " " + reason));
            outbox.dropUnstarted();
            outbox.add(Frames.close(code, ""), null, 0);
        }
        drain();
    }

    void guarded(Runnable script) {
        try {
            script.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.warn("connection {}: its script failed", number(), e);
            close(End.SERVER, 1011, "script failed");
        }
    }
}
