// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.delivery.Sieve;
import io.holdfast.client.exchange.Credits;
import io.holdfast.client.exchange.FrameTap;
import io.holdfast.client.exchange.SessionCore;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.Stream;
import io.holdfast.client.exchange.Streams;
import io.holdfast.client.exchange.Subscriptions;
import io.holdfast.client.exchange.Subscriptions.Batch;
import io.holdfast.client.lanes.Environment;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The sessions of one client: that of the current connection and, while it is being replaced, that of the connection beside
 * it. Confined to the mailbox, but where it says otherwise.
 */
final class ExchangeSessions implements ExchangeSession.Client, FrameTap.Owner {
    /** Names in one call leave so much of the longest message for what is around them. */
    private static final int AROUND_NAMES = 512;

    private final Environment environment;
    private final Executor mailbox;
    private final Ids ids;
    private final Delivery delivery;
    private final ExchangeSide.Engine engine;
    private final ExchangeQuestions questions;
    private final ExchangeChannels channels;
    private final BooleanSupplier bound;
    private final Consumer<String> alarm;
    private final Consumer<SessionEffect.Failed> onFailed;

    private ExchangeSession session;
    private ExchangeSession beside;

    /** The listeners' side knows that the new connection has taken over. */
    private boolean switched;

    private final LossReport losses = new LossReport();
    private final ProtocolWait protocolWait;
    private final DecodeQueue decoding;

    private boolean ended;

    /** For any thread: the connection whose session takes calls, 0 for none. */
    private volatile long takingConnection;

    private volatile boolean loggedIn;

    ExchangeSessions(
            Environment environment,
            Executor mailbox,
            Supplier<ClientOptions> options,
            Ids ids,
            Delivery delivery,
            ExchangeSide.Engine engine,
            ExchangeQuestions questions,
            ExchangeChannels channels,
            BooleanSupplier bound,
            Consumer<String> alarm,
            Consumer<SessionEffect.Failed> onFailed) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.ids = ids;
        this.delivery = delivery;
        this.engine = engine;
        this.questions = questions;
        this.channels = channels;
        this.bound = bound;
        this.alarm = alarm;
        this.onFailed = onFailed;
        this.protocolWait = new ProtocolWait(environment, mailbox, options);
        this.decoding = new DecodeQueue(environment, mailbox, options, bound, questions::decode);
    }

    boolean loggedIn() {
        return loggedIn;
    }

    long takingConnection() {
        return takingConnection;
    }

    private ExchangeSession of(long connection) {
        if (session != null && session.connection.number == connection) {
            return session;
        }
        return beside != null && beside.connection.number == connection ? beside : null;
    }

    // --- connections

    /** A connection is open. @param isBeside whether it is to replace another */
    ExchangeSession open(Connection connection, ExchangeProfile p, Credits credits, boolean isBeside) {
        int bytes = Math.max(1, p.bytesPerMessage() - AROUND_NAMES);
        Subscriptions subscriptions =
                new Subscriptions(p.channelsPerCall(), bytes, p.retry(), p.channelsPerConnection());
        SessionCore core = new SessionCore(p, credits, subscriptions, () -> id(p), Text::shown);
        ExchangeSession fresh = new ExchangeSession(connection, core, subscriptions, this, environment, mailbox);
        if (isBeside) {
            beside = fresh;
        } else {
            session = fresh;
        }
        return fresh;
    }

    private String id(ExchangeProfile p) {
        String id = ids.next();
        return p.envelope().numericId() ? id.substring(ExchangeProfile.Envelope.ID_PREFIX.length()) : id;
    }

    /** The current connection has ended: what it had may have missed something from here on. */
    void lost(Connection connection) {
        if (session == null || session.connection != connection) {
            return;
        }
        losses.channels(session.subscriptions().acknowledged());
        List<Stream> all = channels.streams.all();
        // Before the listeners are told of the end.
        delivery.inTurn(() -> part(channels.streams.lost(connection.number, all)));
        over(session);
        session = null;
        takingConnection = 0;
        loggedIn = false;
        channels.sessionOver();
    }

    private void over(ExchangeSession of) {
        protocolWait.end(of);
        of.end();
        decoding.forget(of);
    }

    /** What is to be told with the resumption. */
    LossReport losses() {
        return losses;
    }

    void close() {
        ended = true;
        protocolWait.close();
        decoding.close();
    }

    // --- rotation

    /** A connection is being made beside the current one; nothing has come on it yet. */
    void rotationBegins(long old, long next) {
        switched = false;
        List<Stream> all = channels.streams.all();
        delivery.inTurn(() -> channels.streams.join(old, next, all));
    }

    /** The session beside the current one is set up and takes its place. */
    void takeOver() {
        ExchangeSession old = session;
        session = beside;
        beside = old;
        old.drain();
        List<Stream> gone = channels.changed(session.subscriptions(), channels.names());
        takes(session);
        List<Stream> all = channels.streams.all();
        delivery.inTurn(() -> {
            List<String> lacking = channels.streams.switched(all);
            if (!gone.isEmpty()) {
                part(channels.streams.givenBack(gone));
            }
            mailbox.execute(() -> {
                switched = true;
                lacking.forEach(this::renew);
            });
        });
    }

    private void renew(String channel) {
        if (session != null) {
            session.gap(channel);
        }
    }

    /** In the turn: what the two connections of a rotation leave behind. */
    private void part(List<Streams.Lack> lacking) {
        for (Sieve.Held held = channels.streams.nextReleased(); held != null; held = channels.streams.nextReleased()) {
            delivery.putHeld(held);
        }
        lacking.forEach(lack -> tell(lack.stream(), lack.from(), lack.to()));
    }

    /** Whether the session that was replaced has nothing left to do, and the streams no need of it. */
    boolean drained() {
        return switched
                && beside.idle()
                && channels.streams.joined(session.subscriptions().acknowledged());
    }

    /** The connection beside the current one is over. */
    void retired(Connection connection) {
        List<Stream> all = channels.streams.all();
        delivery.inTurn(() -> {
            List<Streams.Lack> lacking = channels.streams.parted(all);
            part(lacking);
            if (!lacking.isEmpty()) {
                mailbox.execute(() -> lacking.forEach(l -> renew(l.stream())));
            }
        });
        if (beside != null && beside.connection == connection) {
            over(beside);
            beside = null;
        }
    }

    /** Whether what was subscribed may come on the connection beside the current one. */
    boolean dataBegan(Connection connection) {
        return beside != null && beside.connection == connection && beside.takesCalls();
    }

    /** The current connection has ended; what there is beside it takes its place, as far as it is. */
    void inherit() {
        session = beside;
        beside = null;
        List<Stream> all = channels.streams.all();
        delivery.inTurn(() -> {
            List<String> swallowed = channels.streams.inherited(all);
            if (!swallowed.isEmpty()) {
                mailbox.execute(() -> swallowed.forEach(this::renew));
            }
        });
        if (session != null) {
            channels.changed(session.subscriptions(), channels.names());
            if (session.takesCalls()) {
                takes(session);
            }
        }
    }

    private void takes(ExchangeSession now) {
        takingConnection = now.connection.number;
        loggedIn = now.loggedIn();
    }

    // --- channels

    boolean knows(String channel) {
        return session != null && session.subscriptions().state(channel) != null;
    }

    void want(Collection<ChannelSpec> specs) {
        if (session != null) {
            session.want(specs);
        }
        if (beside != null) {
            beside.want(specs);
        }
    }

    void unwant(Collection<String> names) {
        if (session != null) {
            session.unwant(names);
        }
        if (beside != null) {
            beside.unwant(names);
        }
    }

    @Override
    public void changed(ExchangeSession from, Collection<String> names) {
        if (from == session) {
            List<Stream> gone = channels.changed(from.subscriptions(), names);
            if (!gone.isEmpty()) {
                delivery.inTurn(() -> part(channels.streams.givenBack(gone)));
            }
            loggedIn = from.loggedIn();
        }
    }

    @Override
    public void beginAnew(ExchangeSession of, String channel) {
        if (of == session) {
            channels.streams.beginAnew(channel);
            channels.resubscribed(channel);
        }
    }

    @Override
    public long lastOn(String channel, long connection) {
        return channels.streams.lastOn(channel, connection);
    }

    @Override
    public void alarm(String text) {
        alarm.accept(text);
    }

    // --- the protocol

    /** There is one again: it reads what has come, before it is asked anything else. */
    void readWaiting() {
        decoding.bound();
    }

    /** There is one again. */
    void bound() {
        protocolWait.over().forEach(this::askSteps);
        ExchangeSession second = beside;
        if (session != null) {
            session.bound();
        }
        if (second != null) {
            second.bound();
        }
    }

    /** The connections are of no use with this protocol. */
    void replace(Cause why) {
        if (session != null) {
            end(session, new SessionEffect.End(SessionEffect.End.How.REPLACE, why, Duration.ZERO));
        }
    }

    @Override
    public void askSteps(ExchangeSession of) {
        if (!bound.getAsBoolean()) {
            protocolWait.begin(of);
            return;
        }
        questions.steps(of, () -> {
            // That the plugin was replaced is no fault of the connection's.
            if (of == session || of == beside) {
                askSteps(of);
            }
        });
    }

    @Override
    public void askRenewal(ExchangeSession of, SessionStep step, Answer answer) {
        if (bound.getAsBoolean()) {
            questions.renewal(of, step, answer);
        } else {
            of.renewalUnasked(answer);
        }
    }

    @Override
    public void askChannels(ExchangeSession of, Batch batch) {
        if (bound.getAsBoolean()) {
            questions.channels(of, batch);
        } else {
            // Not within the call that asked: the session is in the middle of its turn.
            mailbox.execute(() -> of.asked(batch, null));
        }
    }

    @Override
    public void afterDecoding(ExchangeSession of, Runnable read, Runnable late) {
        decoding.after(of, read, late);
    }

    @Override
    public void greeted(ExchangeSession of) {
        engine.sessionGreeted(of.connection);
    }

    @Override
    public void dataBegins(ExchangeSession of) {
        engine.dataBegins(of.connection.number);
        if (of == session) {
            takes(of);
        }
    }

    @Override
    public void ready(ExchangeSession of) {
        engine.sessionReady(of.connection);
    }

    @Override
    public void end(ExchangeSession of, SessionEffect.End end) {
        if (of == session || of == beside) {
            engine.sessionEnds(of.connection.number, end);
        }
    }

    // --- in the delivery's turn

    @Override
    public void frame(long connection, String text) {
        mailbox.execute(() -> {
            ExchangeSession of = of(connection);
            if (of != null) {
                decoding.frame(of, text);
            }
        });
    }

    @Override
    public void gap(long connection, String channel, long from, long to) {
        tell(channel, from, to);
        mailbox.execute(() -> {
            // What the old connection of a rotation lacks is asked for on the new one.
            if (of(connection) != null) {
                renew(channel);
            }
        });
    }

    @Override
    public void jump(String channel, long from, long to) {
        tell(channel, from, to);
    }

    private void tell(String channel, long from, long to) {
        delivery.gapNow(channel, from, to, Cause.of(Cause.Kind.LOST, "messages of the channel are missing"));
    }

    // --- calls

    void call(Call call, CompletableFuture<Answer> answer) {
        if (session != null && session.takesCalls()) {
            session.call(call, answer);
        } else {
            failed(ExchangeSession.notSent(answer, call, ended ? "the client has ended" : "the session is not set up"));
        }
    }

    @Override
    public void answered(CompletableFuture<Answer> call, Answer answer) {
        Publishing.complete(environment, () -> call.complete(answer));
    }

    @Override
    public void failed(SessionEffect.Failed f) {
        if (f.outcome() == Outcome.UNKNOWN && (session == null || !session.takesCalls())) {
            losses.call(f.id(), f.method());
        }
        onFailed.accept(f);
    }
}
