package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.AcceptRecord.UpgradeResult;
import io.holdfast.simulator.ConnectionHandler;
import io.holdfast.simulator.Counters;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.UpgradeRequest;

/** One accepted socket, from request head to closed. Loop thread only. */
public final class Connection implements Pipe.Reader, FrameDecoder.Sink {

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

    private static final int MAX_HEAD = 16 * 1024;
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
    private final ArrayDeque<Received> received = new ArrayDeque<>();
    private final Set<Loop.Timer> timers = new HashSet<>();
    private final List<Runnable> endActions = new ArrayList<>();
    private final StringBuilder head = new StringBuilder();
    private State state = State.HEAD;
    private HttpHead request;
    private ConnectionHandler handler = new ConnectionHandler() { };
    private String protocol = "";
    private boolean halfOpen;
    private Loop.Timer patience;

    public Connection(Host host, Loop loop, SocketChannel channel, int number) throws IOException {
        this.host = host;
        this.loop = loop;
        pipe = new Pipe(loop, channel, host.options(), this);
        outbox = pipe.outbox();
        entry = new AcceptEntry(number, pipe.localPort(), pipe.remotePort());
        session = new LoopSession(this, loop, host);
        decoder = new FrameDecoder(this, host.options().maxMessage());
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
        return request == null ? null : request.request();
    }

    public String path() {
        return request == null ? "" : request.request().path();
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

    public boolean isHalfOpen() {
        return halfOpen;
    }

    public AcceptRecord record() {
        return entry.snapshot();
    }

    public Counters counters() {
        return tally.snapshot(outbox.bytesOut(), outbox.framesOut());
    }

    public List<Received> received() {
        return List.copyOf(received);
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
        outbox.add(Handshake.accept(request.header("sec-websocket-key"), protocol), tag -> outbox.startCounting(), 0);
        guarded(() -> handler.onOpen(session));
        pipe.flush();
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

    /** The attempt goes wrong on purpose: writes the first {@code share} of a 101 answer whose key may be wrong. */
    public void halfAnswer(double share, boolean rightKey) {
        byte[] answer = Handshake.accept(rightKey ? request.header("sec-websocket-key") : "wrong", protocol);
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
            end(End.SERVER, "slow reader: " + outbox.pendingBytes() + " bytes wait");
            dispose();
            return;
        }
        pipe.flush();
    }

    public void send(byte[] frame) {
        send(frame, null, 0);
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

    public CompletableFuture<Long> play(Iterator<byte[]> frames, double perSecond, Runnable closing) {
        Playback playback = new Playback(frames, closing);
        if (!live()) {
            playback.finished();
        } else if (perSecond > 0) {
            playback.paced(this, perSecond);
        } else {
            outbox.add(playback);
            pipe.flush();
        }
        return playback.done();
    }

    // -- timers and hooks of scripts ---------------------------------------------------------------------------------

    /** Runs an action unless the connection has ended or gone half-open by then. */
    public Loop.Timer later(long delayNanos, Runnable action) {
        if (entry.ended() || halfOpen) {
            return null;
        }
        Loop.Timer[] timer = new Loop.Timer[1];
        timer[0] = loop.schedule(delayNanos, () -> {
            timers.remove(timer[0]);
            guarded(action);
        });
        timers.add(timer[0]);
        return timer[0];
    }

    public void cancel(Loop.Timer timer) {
        loop.cancel(timer);
        timers.remove(timer);
    }

    void onEnd(Runnable action) {
        endActions.add(action);
    }

    private void cancelTimers() {
        timers.forEach(loop::cancel);
        timers.clear();
    }

    // -- ending ------------------------------------------------------------------------------------------------------

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
        cancelTimers();
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
        boolean wasOpen = request != null && entry.snapshot().openedNanos() != 0;
        entry.end(who, detail);
        cancelTimers();
        if (wasOpen) {
            guarded(() -> handler.onEnd(session));
        }
        endActions.forEach(Runnable::run);
        endActions.clear();
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
            readHead(in);
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
            violation(e);
        }
    }

    private void violation(ProtocolViolation e) {
        end(End.CLIENT_VIOLATION, e.code() + " " + e.getMessage());
        outbox.dropUnstarted();
        outbox.add(Frames.close(e.code(), e.getMessage()), null, 0);
        drain();
    }

    private void readHead(ByteBuffer in) {
        while (in.hasRemaining()) {
            head.append((char) (in.get() & 0xff));
            int size = head.length();
            if (size > MAX_HEAD) {
                refuse(431, Map.of());
                return;
            }
            if (size >= 4 && head.charAt(size - 1) == '\n' && head.substring(size - 4).equals("\r\n\r\n")) {
                requestRead();
                return;
            }
        }
    }

    private void requestRead() {
        try {
            request = HttpHead.parse(head.toString(), pipe.alpn());
        } catch (IllegalArgumentException e) {
            refuse(400, Map.of());
            return;
        } finally {
            head.setLength(0);
            head.trimToSize();
        }
        entry.path(request.request().path());
        int status = Handshake.check(request);
        if (status != 101) {
            refuse(status, Map.of());
            return;
        }
        state = State.REQUESTED;
        host.requested(this);
    }

    // -- decoded frames ----------------------------------------------------------------------------------------------

    @Override
    public boolean frame() {
        tally.framesIn++;
        return state == State.OPEN || state == State.CLOSING;
    }

    @Override
    public boolean message(int opcode, byte[] payload) {
        if (state != State.OPEN) {
            return state == State.CLOSING; // only the close frame is still of interest
        }
        boolean text = opcode == Frames.TEXT;
        tally.textIn += text ? 1 : 0;
        tally.binaryIn += text ? 0 : 1;
        keep(text ? Received.Kind.TEXT : Received.Kind.BINARY, payload);
        guarded(() -> {
            if (text) {
                handler.onText(session, new String(payload, StandardCharsets.UTF_8));
            } else {
                handler.onBinary(session, payload);
            }
        });
        return decoding();
    }

    @Override
    public boolean control(int opcode, byte[] payload) {
        if (opcode == Frames.CLOSE) {
            clientClose(payload);
            return false;
        }
        if (state != State.OPEN) {
            return state == State.CLOSING;
        }
        if (opcode == Frames.PING) {
            tally.pingsIn++;
            keep(Received.Kind.PING, payload);
            if (!host.pongsWithheld(this)) {
                guarded(() -> handler.onPing(session, payload));
            }
        } else {
            tally.pongReceived(payload);
            keep(Received.Kind.PONG, payload);
            guarded(() -> handler.onPong(session, payload));
        }
        return decoding();
    }

    private boolean decoding() {
        return (state == State.OPEN || state == State.CLOSING) && !halfOpen;
    }

    private void keep(Received.Kind kind, byte[] payload) {
        if (host.options().keepReceived() > 0) {
            if (received.size() == host.options().keepReceived()) {
                received.poll();
            }
            received.add(new Received(System.nanoTime(), kind, payload));
        }
    }

    private void clientClose(byte[] payload) {
        int code = payload.length < 2 ? Frames.NO_CODE : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        String reason = payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        entry.clientClose(code, reason);
        if (state == State.OPEN) {
            end(End.CLIENT_CLOSE, "close " + code + (reason.isEmpty() ? "" : " " + reason));
            outbox.dropUnstarted();
            outbox.add(Frames.close(code, ""), null, 0);
        }
        drain();
    }

    private void guarded(Runnable script) {
        try {
            script.run();
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            log.warn("connection {}: its script failed", number(), e);
            close(End.SERVER, 1011, "script failed");
        }
    }
}
