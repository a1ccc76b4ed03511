// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.Continuity.UnknownCall;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.exchange.Credits;
import io.holdfast.client.exchange.FrameTap;
import io.holdfast.client.exchange.SessionCore;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.Subscriptions;
import io.holdfast.client.exchange.Subscriptions.Batch;
import io.holdfast.client.exchange.UriChannels;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange behind one client, over all its connections: the plugin, the channels that are wanted, the limits, what was
 * lost. Each connection has an {@link ExchangeSession} of its own. Confined to the mailbox, but where it says otherwise.
 */
final class ExchangeSide implements ExchangeBinding.Owner, ExchangeSession.Client, FrameTap.Owner {
    /** Called on the mailbox. */
    interface Engine {
        /** Whether there is a protocol may have changed. */
        void exchangeChanged();

        void dataBegins(long connection);

        void sessionGreeted(Connection connection);

        void sessionReady(Connection connection);

        void sessionEnds(long connection, SessionEffect.End end);
    }

    private static final String ALL = "*";

    /** Names in one call leave so much of the longest message for what is around them. */
    private static final int AROUND_NAMES = 512;

    /** Losses told at most; more than this is told by the interruption alone. */
    private static final int MOST_UNKNOWN = 10_000;

    private final Logger logger = LoggerFactory.getLogger(ExchangeSide.class);
    private final String clientId;
    private final EngineServices services;
    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final Ids ids;
    private final Delivery delivery;
    private final ConflatedChannels conflated;
    private final Engine engine;
    private final ExchangeBinding binding;
    private final ExchangeQuestions questions;
    final ExchangeChannels channels = new ExchangeChannels();

    private Optional<ExchangeProfile> profile = Optional.empty();
    /** The limits when nobody shares them. */
    private Credits own;

    /** Those of the endpoint group; null while they are not shared. */
    private Credits shared;

    private String sharedIn = "";
    private ExchangeSession session;
    private Set<String> configured = Set.of();
    private final Set<String> lostChannels = new LinkedHashSet<>();
    private final List<UnknownCall> unknownCalls = new ArrayList<>();
    private boolean ended;

    /** A session that waits for a plugin. */
    private ExchangeSession waiting;

    private Cancellable wait = () -> {};

    /** For any thread: the connection whose session takes calls, 0 for none. */
    private volatile long takingConnection;

    private volatile boolean loggedIn;
    private volatile String trouble = "";
    private volatile String notConflated = "";

    ExchangeSide(
            String clientId,
            EngineServices services,
            Executor mailbox,
            PluginLane lane,
            Supplier<ClientOptions> options,
            Ids ids,
            Delivery delivery,
            ConflatedChannels conflated,
            Engine engine) {
        this.clientId = clientId;
        this.services = services;
        this.environment = services.environment();
        this.mailbox = mailbox;
        this.options = options;
        this.ids = ids;
        this.delivery = delivery;
        this.conflated = conflated;
        this.engine = engine;
        this.binding = new ExchangeBinding(clientId, services.exchanges(), environment, mailbox, lane, options, this);
        this.questions = new ExchangeQuestions(services, binding, lane, mailbox, options, ids, this::alarm);
    }

    void begin() {
        configured(options.get());
        binding.begin();
    }

    private void configured(ClientOptions now) {
        Set<String> next = new LinkedHashSet<>(now.exchangeChannels());
        Set<String> gone = new HashSet<>(configured);
        gone.removeAll(next);
        // Only what is new in the configuration: another option must not bring back what the user has given back.
        Set<String> fresh = new LinkedHashSet<>(next);
        fresh.removeAll(configured);
        configured = next;
        unwant(gone);
        want(fresh);
    }

    void optionsChanged(ClientOptions before) {
        ClientOptions now = options.get();
        configured(now);
        conflate();
        if (!before.exchangeOptions().equals(now.exchangeOptions())) {
            binding.reopen();
        }
    }

    void end() {
        ended = true;
        wait.cancel();
        leaveGroup();
        binding.end();
    }

    /** Whether there was a plugin ever: its profile stays, and a session waits for the functions. */
    boolean known() {
        return profile.isPresent();
    }

    boolean bound() {
        return binding.bound();
    }

    /** For any thread: what is wrong, empty if nothing. */
    String trouble() {
        return trouble.isEmpty() ? notConflated : trouble;
    }

    boolean loggedIn() {
        return loggedIn;
    }

    long takingConnection() {
        return takingConnection;
    }

    // --- the plugin

    @Override
    public void bound(ExchangeProfile next, String pluginName) {
        trouble = "";
        boolean other = profile.isPresent() && !profile.get().equals(next);
        if (profile.isEmpty() || other) {
            profile = Optional.of(next);
            leaveGroup();
            own = new Credits(next, environment.nanoTime());
        }
        logger.info("Client {}: exchange plugin {} ({})", clientId, next.type(), pluginName);
        channels.forgetSpecs();
        resolve();
        if (other && session != null) {
            end(
                    session,
                    new SessionEffect.End(
                            SessionEffect.End.How.REPLACE,
                            Cause.of(Cause.Kind.OPERATOR, "another exchange protocol"),
                            Duration.ZERO));
        } else if (waiting != null) {
            ExchangeSession waited = waiting;
            stopWaiting();
            askSteps(waited);
        }
        engine.exchangeChanged();
    }

    @Override
    public void fault(String what) {
        trouble = what;
        logger.warn("Client {}: exchange plugin: {}", clientId, what);
        engine.exchangeChanged();
    }

    // --- channels

    void want(Collection<String> names) {
        if (!channels.want(names).isEmpty()) {
            resolve();
        }
    }

    void unwant(Collection<String> names) {
        List<String> gone = channels.unwant(names);
        if (session == null) {
            channels.forgetUnasked(gone);
            return;
        }
        // Those that could not be, or that the protocol has not heard of yet, were never the session's.
        channels.forgetUnasked(gone.stream()
                .filter(n -> session.subscriptions().state(n) == null)
                .toList());
        session.unwant(gone);
    }

    /** Asks the protocol what channels are that are not known yet. */
    private void resolve() {
        List<String> names = channels.unknown();
        if (names.isEmpty() || !binding.bound()) {
            return;
        }
        questions.specs(names, this::resolved);
    }

    private void resolved(ExchangeQuestions.Specs result) {
        List<ChannelSpec> fresh =
                result.specs().stream().filter(channels::specify).toList();
        channels.streams.want(fresh);
        conflate();
        result.impossible().forEach((name, why) -> {
            channels.impossible(name, why);
            logger.warn("Client {}: channel '{}' is not asked for: {}", clientId, Text.shown(name), why);
        });
        if (session != null) {
            session.want(fresh);
        }
    }

    /** Those of the wanted channels that may be; a channel whose messages build on each other may only if that was asked for. */
    private void conflate() {
        if (profile.isEmpty()) {
            return;
        }
        ClientOptions now = options.get();
        List<String> named = now.conflate();
        Set<String> taken = new LinkedHashSet<>();
        Set<String> refused = new LinkedHashSet<>();
        for (ChannelSpec spec : channels.known()) {
            boolean may = spec.sequence().isEmpty() || now.conflateSequenced();
            if (named.contains(spec.name()) && !may) {
                refused.add(spec.name());
            } else if (may && (named.contains(spec.name()) || named.contains(ALL))) {
                taken.add(spec.name());
            }
        }
        conflated.set(profile.get(), taken);
        String before = notConflated;
        notConflated = refused.isEmpty()
                ? ""
                : "conflate: messages of " + Text.shown(refused.toString())
                        + " build on each other; none is left out without conflate.sequenced";
        if (!notConflated.isEmpty() && !notConflated.equals(before)) {
            alarm(notConflated);
        }
    }

    /** For any thread: messages left out, by channel. */
    Map<String, Long> conflated() {
        return conflated.counts();
    }

    @Override
    public void changed(ExchangeSession from, Collection<String> names) {
        if (from == session) {
            channels.changed(from.subscriptions(), names);
            loggedIn = from.loggedIn();
        }
    }

    @Override
    public void beginAnew(String channel) {
        channels.streams.beginAnew(channel);
        channels.resubscribed(channel);
    }

    @Override
    public long lastOn(String channel, long connection) {
        return channels.streams.lastOn(channel, connection);
    }

    @Override
    public void alarm(String text) {
        logger.warn("Client {}: {}", clientId, text);
    }

    // --- sessions

    /** The tap of a connection that is being made; null while there is no protocol. */
    FrameTap tap(long connection) {
        return profile.map(p -> new FrameTap(connection, p, channels.streams, this))
                .orElse(null);
    }

    /** A connection is open. */
    ExchangeSession open(Connection connection) {
        ExchangeProfile p = profile.orElseThrow();
        int bytes = Math.max(1, p.bytesPerMessage() - AROUND_NAMES);
        Subscriptions subscriptions =
                new Subscriptions(p.channelsPerCall(), bytes, p.retry(), p.channelsPerConnection());
        SessionCore core = new SessionCore(p, credits(p), subscriptions, () -> id(p), Text::shown);
        session = new ExchangeSession(connection, core, subscriptions, this, environment, mailbox);
        long now = environment.nanoTime();
        channels.known().forEach(s -> subscriptions.want(s, now));
        subscriptions.inUri(connection.channelsInUri, now);
        return session;
    }

    /** Where a connection that is being made goes: the address names as many channels as it can. */
    URI uri(Connection connection) {
        URI configured = options.get().uri();
        Optional<ExchangeProfile.ChannelsInUri> rule = profile.flatMap(ExchangeProfile::channelsInUri);
        if (rule.isEmpty()) {
            return configured;
        }
        List<ChannelSpec> wanted = channels.known().stream()
                .filter(s -> !s.needsLogIn())
                .limit(profile.get().channelsPerConnection())
                .toList();
        UriChannels made = UriChannels.of(
                configured, rule.get(), wanted.stream().map(ChannelSpec::name).toList());
        connection.channelsInUri = wanted.subList(0, made.names().size());
        return made.uri();
    }

    /** As it is configured when the connection opens. */
    private Credits credits(ExchangeProfile p) {
        String group = services.endpoints()
                .limitsSharedIn(options.get().uri().getHost())
                .orElse("");
        if (!group.equals(sharedIn)) {
            leaveGroup();
        }
        if (group.isEmpty()) {
            return own;
        }
        if (shared == null) {
            sharedIn = group;
            shared = services.sharedCredits().join(group, p, environment.nanoTime());
        }
        return shared;
    }

    private void leaveGroup() {
        if (shared != null) {
            services.sharedCredits().leave(shared, environment.nanoTime());
            shared = null;
            sharedIn = "";
        }
    }

    private String id(ExchangeProfile p) {
        String id = ids.next();
        return p.envelope().numericId() ? id.substring(ExchangeProfile.Envelope.ID_PREFIX.length()) : id;
    }

    /** The connection has ended: what it had may have missed something from here on. */
    void lost(Connection connection) {
        if (session == null || session.connection != connection) {
            return;
        }
        lostChannels.addAll(session.subscriptions().acknowledged());
        stopWaiting();
        session.end();
        session = null;
        takingConnection = 0;
        loggedIn = false;
        channels.sessionOver();
    }

    /** What is to be told with the resumption; forgotten with it. */
    List<String> takeLostChannels() {
        List<String> taken = List.copyOf(lostChannels);
        lostChannels.clear();
        return taken;
    }

    List<UnknownCall> takeUnknownCalls() {
        List<UnknownCall> taken = List.copyOf(unknownCalls);
        unknownCalls.clear();
        return taken;
    }

    private void stopWaiting() {
        wait.cancel();
        waiting = null;
    }

    @Override
    public void askSteps(ExchangeSession of) {
        if (!binding.bound()) {
            waiting = of;
            wait = environment.schedule(
                    options.get().exchangeWait().toNanos(), () -> mailbox.execute(() -> noPlugin(of)));
            return;
        }
        questions.steps(of);
    }

    private void noPlugin(ExchangeSession of) {
        if (of == waiting) {
            waiting = null;
            of.fail(ExchangeQuestions.retry(
                    "no exchange plugin of type '" + options.get().exchangeType() + "'"));
        }
    }

    @Override
    public void askRenewal(ExchangeSession of, SessionStep step, Answer answer) {
        questions.renewal(of, step, answer);
    }

    @Override
    public void askChannels(ExchangeSession of, Batch batch) {
        questions.channels(of, batch);
    }

    @Override
    public void afterDecoding(Runnable task) {
        questions.afterDecoding(task);
    }

    @Override
    public void greeted(ExchangeSession of) {
        engine.sessionGreeted(of.connection);
    }

    @Override
    public void dataBegins(ExchangeSession of) {
        engine.dataBegins(of.connection.number);
        takingConnection = of.connection.number;
        loggedIn = of.loggedIn();
    }

    @Override
    public void ready(ExchangeSession of) {
        engine.sessionReady(of.connection);
    }

    @Override
    public void end(ExchangeSession of, SessionEffect.End end) {
        if (of == session) {
            engine.sessionEnds(of.connection.number, end);
        }
    }

    // --- on a connection's thread

    @Override
    public void frame(long connection, String text) {
        mailbox.execute(() -> {
            if (session != null && session.connection.number == connection) {
                questions.decode(session, text);
            }
        });
    }

    @Override
    public void gap(long connection, String channel, long from, long to) {
        delivery.gap(channel, from, to, Cause.of(Cause.Kind.LOST, "messages of the channel are missing"));
        mailbox.execute(() -> {
            if (session != null && session.connection.number == connection) {
                session.gap(channel);
            }
        });
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
        environment.publishing().execute(() -> call.complete(answer));
    }

    @Override
    public void failed(SessionEffect.Failed f) {
        if (f.outcome() == Outcome.UNKNOWN
                && session != null
                && !session.takesCalls()
                && unknownCalls.size() < MOST_UNKNOWN) {
            unknownCalls.add(new UnknownCall(f.id(), f.method()));
        }
        CallFailedException e = new CallFailedException(
                f.id(), f.outcome(), "client " + clientId + ", " + f.method() + ": " + f.message(), f.failure());
        environment.publishing().execute(() -> f.call().completeExceptionally(e));
    }
}
