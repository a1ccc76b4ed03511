// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.exchange.Credits;
import io.holdfast.client.exchange.FrameTap;
import io.holdfast.client.exchange.SessionEffect;
import io.holdfast.client.exchange.UriChannels;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.net.URI;
import java.time.Duration;
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
 * The exchange behind one client, over all its connections: the plugin, the channels that are wanted, the limits. What goes on
 * on the connections is the business of its {@link ExchangeSessions}. Confined to the mailbox, but where it says otherwise.
 */
final class ExchangeSide implements ExchangeBinding.Owner {
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

    private final Logger logger = LoggerFactory.getLogger(ExchangeSide.class);
    private final String clientId;
    private final EngineServices services;
    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final ConflatedChannels conflated;
    private final Engine engine;
    private final ExchangeBinding binding;
    private final ExchangeQuestions questions;
    final ExchangeChannels channels = new ExchangeChannels();
    private final ExchangeSessions sessions;
    private final Preparations preparations;

    private Optional<ExchangeProfile> profile = Optional.empty();
    /** The limits when nobody shares them. */
    private Credits own;

    /** Those of the endpoint group; null while they are not shared. */
    private Credits shared;

    private String sharedIn = "";
    private Set<String> configured = Set.of();
    private Cancellable resolveAgain = Cancellable.NONE;
    private volatile String trouble = "";
    private volatile String notConflated = "";

    ExchangeSide(
            String clientId,
            EngineServices services,
            Executor mailbox,
            Supplier<PluginLane> lanes,
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
        this.conflated = conflated;
        this.engine = engine;
        PluginLane lane = lanes.get();
        // Frames are decoded while a preparation takes its time.
        PluginLane preparing = lanes.get();
        this.binding = new ExchangeBinding(
                clientId, services.exchanges(), environment, mailbox, lane, preparing, options, this);
        SessionContexts contexts = new SessionContexts(services, options, ids);
        this.questions = new ExchangeQuestions(binding, mailbox, options, contexts, this::alarm);
        this.preparations = new Preparations(services, binding, preparing, mailbox, options, contexts);
        this.sessions = new ExchangeSessions(
                environment,
                mailbox,
                options,
                ids,
                delivery,
                engine,
                questions,
                channels,
                binding::bound,
                this::alarm,
                this::callFailed);
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
        resolveAgain.cancel();
        sessions.close();
        preparations.end();
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
        return sessions.loggedIn();
    }

    long takingConnection() {
        return sessions.takingConnection();
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
        if (other) {
            sessions.replace(Cause.of(Cause.Kind.OPERATOR, "another exchange protocol"));
        }
        // First of all what came while there was none.
        sessions.readWaiting();
        channels.forgetSpecs();
        resolve();
        sessions.bound();
        preparations.bindingChanged();
        engine.exchangeChanged();
    }

    @Override
    public void fault(String what) {
        trouble = what;
        logger.warn("Client {}: exchange plugin: {}", clientId, what);
        preparations.bindingChanged();
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
        // Those that could not be, or that the protocol has not heard of yet, were never a session's.
        channels.forgetUnasked(gone.stream().filter(n -> !sessions.knows(n)).toList());
        sessions.unwant(gone);
    }

    /** Asks the protocol what channels are that are not known yet. */
    private void resolve() {
        resolveAgain.cancel();
        List<String> names = channels.unknown();
        if (names.isEmpty() || !binding.bound()) {
            return;
        }
        questions.specs(names, this::resolved, this::unresolved);
    }

    /** Nobody else would ask before there is another plugin. */
    private void unresolved(String why) {
        alarm(why);
        resolveAgain.cancel();
        resolveAgain = environment.schedule(PluginFaults.RETRY.toNanos(), () -> mailbox.execute(this::resolve));
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
        sessions.want(fresh);
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

    private void alarm(String text) {
        logger.warn("Client {}: {}", clientId, text);
    }

    // --- connections

    /** The age at which the exchange wants connections replaced; zero for none. */
    Duration rotateAfter() {
        return profile.map(ExchangeProfile::rotateAfter).orElse(Duration.ZERO);
    }

    /** For any thread: streams without numbers that went over in rotations. */
    long streamsSwitched() {
        return channels.streams.moved();
    }

    /** The tap of a connection that is being made; null while there is no protocol. */
    FrameTap tap(long connection) {
        return profile.map(p -> new FrameTap(connection, p, channels.streams, sessions))
                .orElse(null);
    }

    /** A connection is open. @param beside whether it is to replace another */
    ExchangeSession open(Connection connection, boolean beside) {
        ExchangeProfile p = profile.orElseThrow();
        long now = environment.nanoTime();
        ExchangeSession session = sessions.open(connection, p, credits(p).onConnection(now), beside);
        channels.known().forEach(s -> session.subscriptions().want(s, now));
        session.subscriptions().inUri(connection.channelsInUri, now);
        return session;
    }

    Preparations preparations() {
        return preparations;
    }

    /** Where a connection that is being made goes: the address names as many channels as it can. */
    URI uri(URI base, Connection connection) {
        Optional<ExchangeProfile.ChannelsInUri> rule = profile.flatMap(ExchangeProfile::channelsInUri);
        if (rule.isEmpty()) {
            return base;
        }
        List<ChannelSpec> wanted = channels.known().stream()
                .filter(s -> !s.needsLogIn())
                .limit(profile.get().channelsPerConnection())
                .toList();
        UriChannels made = UriChannels.of(
                base, rule.get(), wanted.stream().map(ChannelSpec::name).toList());
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

    ExchangeSessions sessions() {
        return sessions;
    }

    // --- calls

    void call(Call call, CompletableFuture<Answer> answer) {
        sessions.call(call, answer);
    }

    private void callFailed(SessionEffect.Failed f) {
        CallFailedException e = new CallFailedException(
                f.id(), f.outcome(), "client " + clientId + ", " + f.method() + ": " + f.message(), f.failure());
        Publishing.complete(environment, () -> f.call().completeExceptionally(e));
    }
}
