// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.FrameObserver.Origin;
import io.holdfast.api.client.SendOptions;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.FramePattern;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.Secret;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportConnection.SendCallback;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.core.Traffic;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.engine.Counters.Count;
import io.holdfast.client.exchange.FrameTap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One connection as its transport's thread sees it: the message path, heartbeats answered from the profile, and posts to
 * the mailbox for everything else.
 */
final class Connection implements TransportListener {
    /** Told on the connection's thread; only posts, but for {@code opened} and {@code closed}, which may do the mailbox's work. */
    interface Owner {
        void opened(Connection connection);

        void failed(Connection connection, ConnectFailure failure);

        void closed(Connection connection, CloseInfo info);

        void beatAnswered(Connection connection);

        void notice(Connection connection, String pattern, Duration lead);

        void hook(Connection connection, String pattern, String frame);
    }

    private static final int MAX_PING_PAYLOAD = 125;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Longer than any block of the listeners lasts; its end sets the true time. */
    private static final long HELD_AT_MOST = Duration.ofHours(1).toNanos();

    final long number;
    final Traffic traffic;
    final Answers answers = new Answers();

    /** Named by its address. Of the mailbox. */
    List<ChannelSpec> channelsInUri = List.of();

    /** What its preparation gave for set-up and subscriptions; secret. Of the mailbox. */
    Map<String, Secret> prepared = Map.of();

    /** Made when there is one to wait for. Of the mailbox. */
    private Greetings greetings;

    private final Origin origin;
    private final Owner owner;
    private final Delivery delivery;
    private final Counters counters;
    private final Ids ids;
    private final FrameObservers frames;

    /** The exchange's rules for frames; null without an exchange plugin. */
    private volatile FrameTap tap;

    /** Replaced when the heartbeat is swapped. */
    private volatile FrameMatcher matcher;

    private volatile TransportConnection transport;

    /** Null where nothing is limited; set before anything is sent. */
    private volatile Pacing pacing;

    /** The payload a pong must have to answer the outstanding ping. */
    private volatile OutstandingPing outstanding;

    /** Cleared for good by the mailbox: what comes afterwards is late. */
    private volatile boolean current = true;

    private volatile boolean aborted;

    /** Nothing comes any more: the transport's object is let go, which would pin a transport that was updated. */
    private volatile boolean over;

    /** Counts demands, so that one is noticed that comes before the stop it ends. */
    private volatile int demands;

    private static final AtomicIntegerFieldUpdater<Connection> DEMANDS =
            AtomicIntegerFieldUpdater.newUpdater(Connection.class, "demands");

    private record OutstandingPing(byte[] payload, long sentAt) {}

    Connection(
            Origin origin,
            Owner owner,
            Delivery delivery,
            Counters counters,
            Ids ids,
            FrameObservers frames,
            ProfilePool.Ready heartbeat,
            long now) {
        this.origin = origin;
        this.number = origin.connection();
        this.owner = owner;
        this.delivery = delivery;
        this.counters = counters;
        this.ids = ids;
        this.frames = frames;
        this.matcher = heartbeat.matcher();
        this.traffic = new Traffic(now);
        heartbeat.profile().setup().stream()
                .filter(step -> step.text().isEmpty())
                .forEach(step -> greetings().expect(step));
    }

    Greetings greetings() {
        if (greetings == null) {
            greetings = new Greetings(answers);
        }
        return greetings;
    }

    void transport(TransportConnection opened) {
        transport = opened;
        if (aborted) {
            opened.abort();
        }
        if (over) {
            transport = null;
        }
    }

    private void letGo() {
        over = true;
        transport = null;
        endSends();
    }

    /** Whatever users have waiting is not sent. */
    void endSends() {
        Pacing p = pacing;
        if (p != null) {
            p.end();
        }
    }

    /** Once, before anything is sent. */
    void pacing(Pacing limits) {
        pacing = limits;
        if (over) {
            limits.end();
        }
    }

    /** Whether nothing of users waits for limits. */
    boolean sendsIdle() {
        Pacing p = pacing;
        return p == null || p.idle();
    }

    /** Limits of the exchange for which its session's calls wait. */
    void claimed(Set<String> limits) {
        Pacing p = pacing;
        if (p != null) {
            p.claimed(limits);
        }
    }

    void matcher(FrameMatcher other) {
        matcher = other;
    }

    void tap(FrameTap next) {
        tap = next;
    }

    /** Nothing of this connection counts from here on. */
    void retire() {
        current = false;
    }

    @Override
    public void onOpen(TransportConnection opened) {
        transport(opened);
        if (frames.watched()) {
            frames.in(origin, Kind.OPEN, NOTHING, System.nanoTime());
        }
        owner.opened(this);
    }

    @Override
    public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
        if (frames.watched()) {
            frames.in(origin, text ? Kind.TEXT : Kind.BINARY, payload, receivedNanos);
        }
        if (!current) {
            counters.increment(Count.STALE);
            return true;
        }
        traffic.dataAt(receivedNanos);
        if (text && (answers.consumes(payload, receivedNanos) || matched(payload, receivedNanos))) {
            return true;
        }
        int before = demands;
        boolean goOn = delivery.deliver(text, payload, receivedNanos, number, text ? tap : null);
        if (!goOn) {
            traffic.heldUntil(receivedNanos + HELD_AT_MOST);
            if (demands != before) {
                traffic.heldUntil(receivedNanos);
            }
        }
        return goOn;
    }

    /** Whether the message is the heartbeat's alone. */
    private boolean matched(ByteBuffer payload, long nanos) {
        FramePattern pattern = matcher.match(payload);
        if (pattern == null) {
            return false;
        }
        switch (pattern.effect()) {
            case ALIVE -> traffic.proofAt(nanos);
            case BEAT -> serverBeat(nanos);
            case NOTICE -> owner.notice(this, pattern.name(), pattern.lead());
            case HOOK ->
                owner.hook(
                        this,
                        pattern.name(),
                        StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
        }
        pattern.reply().ifPresent(reply -> reply(reply, nanos));
        return pattern.consumed();
    }

    private void reply(FramePattern.Reply reply, long nanos) {
        String id = ids.next();
        if (reply.answer().isPresent()) {
            answers.expect(Ids.fill(reply.answer().get(), id), (accepted, shown, at) -> answered(at - nanos, at));
        }
        counters.increment(Count.HEARTBEATS);
        sendNow(Ids.fill(reply.text(), id), nanos);
    }

    private void answered(long roundTripNanos, long at) {
        counters.set(Count.ROUND_TRIP, roundTripNanos);
        traffic.proofAt(at);
    }

    /** Sends a text of the engine's own. */
    void sendNow(String text, long now) {
        sendNow(text, now, SendCallback.NONE);
    }

    void sendNow(String text, long now, SendCallback callback) {
        sendNow(text, false, false, now, callback);
    }

    /** For what the exchange's limits have counted. @param secret whether the text holds credentials */
    void sendCounted(String text, boolean secret, long now, SendCallback callback) {
        sendNow(text, secret, true, now, callback);
    }

    private void sendNow(String text, boolean secret, boolean counted, long now, SendCallback callback) {
        TransportConnection to = transport;
        if (to == null) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Pacing p = pacing;
        if (p != null) {
            p.charge(bytes.length, counted, now);
        }
        traffic.sentAt(now);
        write(to, true, ByteBuffer.wrap(bytes), secret, now, callback);
    }

    private void chargeControl(int bytes, long now) {
        Pacing p = pacing;
        if (p != null) {
            p.chargeControl(bytes, now);
        }
    }

    private void write(
            TransportConnection to, boolean text, ByteBuffer payload, boolean secret, long now, SendCallback callback) {
        if (frames.watched()) {
            frames.out(origin, text ? Kind.TEXT : Kind.BINARY, payload, secret, now);
        }
        to.send(text, payload, callback);
    }

    /** Sends a user's message within the limits. @param how null: as the options say */
    void send(
            boolean text, ByteBuffer payload, Pacing.Sender sender, SendOptions how, ClientOptions options, long now) {
        Pacing p = pacing;
        if (p == null) {
            send(text, payload, sender, now);
        } else {
            p.send(text, payload, sender, how == null ? options.sendPatience() : how);
        }
    }

    void send(boolean text, ByteBuffer payload, SendCallback callback, long now) {
        TransportConnection to = transport;
        if (to == null) {
            callback.failed("no connection");
            return;
        }
        traffic.sentAt(now);
        write(to, text, payload, false, now, callback);
    }

    /** Sends the client's own heartbeat; its answer is told to the owner. */
    void beat(ClientBeat beat, long now, SendCallback callback) {
        String id = ids.next();
        if (beat.kind() == ClientBeat.Kind.TEXT) {
            beat.answer()
                    .ifPresent(
                            e -> answers.expect(Ids.fill(e, id), (accepted, shown, at) -> beatAnswered(at - now, at)));
            sendNow(Ids.fill(beat.payload(), id), now, callback);
            return;
        }
        byte[] payload = (Ids.fill(beat.payload(), id) + id).getBytes(StandardCharsets.UTF_8);
        if (payload.length > MAX_PING_PAYLOAD) {
            payload = id.getBytes(StandardCharsets.UTF_8);
        }
        outstanding = new OutstandingPing(payload, now);
        TransportConnection to = transport;
        if (to != null) {
            traffic.sentAt(now);
            if (frames.watched()) {
                frames.out(origin, Kind.PING, ByteBuffer.wrap(payload), false, now);
            }
            chargeControl(payload.length, now);
            to.ping(ByteBuffer.wrap(payload), callback);
        }
    }

    void serverBeat(long nanos) {
        traffic.beatAt(nanos);
        counters.set(Count.LAST_BEAT, nanos);
    }

    private void beatAnswered(long roundTripNanos, long at) {
        answered(roundTripNanos, at);
        counters.set(Count.LAST_BEAT, at);
        counters.increment(Count.HEARTBEATS);
        owner.beatAnswered(this);
    }

    @Override
    public void onPing(ByteBuffer payload, long receivedNanos) {
        if (frames.watched()) {
            frames.in(origin, Kind.PING, payload, receivedNanos);
            frames.out(origin, Kind.PONG, payload, false, receivedNanos);
        }
        if (!current) {
            counters.increment(Count.STALE);
            return;
        }
        traffic.frameAt(receivedNanos);
        serverBeat(receivedNanos);
        traffic.sentAt(receivedNanos);
        chargeControl(payload.remaining(), receivedNanos);
        counters.increment(Count.HEARTBEATS);
    }

    @Override
    public void onPong(ByteBuffer payload, long receivedNanos) {
        if (frames.watched()) {
            frames.in(origin, Kind.PONG, payload, receivedNanos);
        }
        if (!current) {
            counters.increment(Count.STALE);
            return;
        }
        traffic.frameAt(receivedNanos);
        OutstandingPing ping = outstanding;
        if (ping != null && payload.equals(ByteBuffer.wrap(ping.payload()))) {
            outstanding = null;
            beatAnswered(receivedNanos - ping.sentAt(), receivedNanos);
        }
    }

    @Override
    public void onFailed(ConnectFailure failure) {
        letGo();
        owner.failed(this, failure);
    }

    @Override
    public void onClosed(CloseInfo info) {
        if (frames.watched()) {
            frames.in(origin, Kind.CLOSE, close(info.code(), info.reason()), System.nanoTime());
        }
        letGo();
        owner.closed(this, info);
    }

    long sinceBeat(long now) {
        return counters.sinceBeat(now);
    }

    void demand(long now) {
        DEMANDS.incrementAndGet(this);
        traffic.heldUntil(now);
        TransportConnection to = transport;
        if (to != null) {
            to.demand();
        }
    }

    void closeHandshake(int code, String reason) {
        endSends();
        TransportConnection to = transport;
        if (to != null) {
            if (frames.watched()) {
                frames.out(origin, Kind.CLOSE, close(code, reason), false, System.nanoTime());
            }
            to.close(code, reason);
        }
    }

    private static ByteBuffer close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .flip();
    }

    /** Whether nothing can be sent any more. */
    boolean isOver() {
        return over;
    }

    boolean isAborted() {
        return aborted;
    }

    void abort() {
        aborted = true;
        current = false;
        TransportConnection to = transport;
        letGo();
        if (to != null) {
            to.abort();
        }
    }

    void afterReadPass(Runnable task) {
        TransportConnection to = transport;
        if (to != null) {
            to.afterReadPass(task);
        }
    }
}
