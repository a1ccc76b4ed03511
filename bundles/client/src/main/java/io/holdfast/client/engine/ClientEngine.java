// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.FrameObserver.Origin;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatState;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.client.core.ConnectionMachine;
import io.holdfast.client.core.ConnectionPolicy;
import io.holdfast.client.core.Input;
import io.holdfast.client.core.Output;
import io.holdfast.client.core.Phase;
import io.holdfast.client.delivery.Conflation;
import io.holdfast.client.delivery.Delivery;
import io.holdfast.client.engine.Counters.Count;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import io.holdfast.client.lanes.SerialLane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: carries out what its {@link ConnectionMachine} decides. Everything runs in its mailbox, one after another;
 * public methods post and return. Foreign code never runs here.
 */
final class ClientEngine {
    /** What the engine tells its child side; called on the mailbox. */
    interface Supervision {
        void exited(long incarnation, Output.Exited exit);

        void stopped();

        void ended(Cause cause);
    }

    private final Logger logger = LoggerFactory.getLogger(ClientEngine.class);
    private final ClientSpec spec;
    private final EngineServices services;
    private final Environment environment;
    private final SerialLane mailbox;
    private final ConnectionMachine machine;
    private final Delivery delivery;
    private final HeartbeatBinding heartbeat;
    private final Optional<ExchangeSide> exchange;
    private final Links links;
    private final Permits permits;
    private final Timers timers;
    private final EventLog events;
    private final FromConnection fromConnection = new FromConnection(this);
    private final FromDelivery fromDelivery = new FromDelivery(this);
    private final FromSessions fromSessions = new FromSessions(this);
    private final Ids ids = new Ids();
    final Counters counters = new Counters();
    final CompletableFuture<Void> opened = new CompletableFuture<>();
    final CompletableFuture<Cause> ended = new CompletableFuture<>();

    /** What came while an input was handled; null when nothing did. */
    private Deque<Input> inputs;

    private boolean handling;
    private Cancellable heartbeatWait = Cancellable.NONE;
    private Cancellable cutOff = Cancellable.NONE;
    private boolean heartbeatWaitOver;
    private boolean everReady;
    private boolean over;

    /** The newest connection whose end the listeners were told. */
    private long interrupted;

    private Supervision supervision;

    private volatile ClientOptions options;
    private volatile Phase phase = Phase.IDLE;
    private volatile long incarnation;
    private volatile long connectionNumber;
    private volatile Optional<Cause> lastCause = Optional.empty();
    private volatile Optional<Cause> rotationTrouble = Optional.empty();
    private volatile HeartbeatView heartbeatView;

    ClientEngine(ClientSpec spec, EngineServices services, Optional<ObserverLane> observer) {
        this.spec = spec;
        this.services = services;
        this.environment = services.environment();
        this.options = spec.options();
        // One of each for all parts: there are ten thousand clients.
        Supplier<ClientOptions> optionsNow = () -> options;
        Supplier<String> host = this::host;
        Consumer<Input> post = this::postInput;
        this.mailbox = new SerialLane(environment.mailboxes(), this::crashed);
        PluginLane plugins = new PluginLane(environment, mailbox, counters);
        this.heartbeat = new HeartbeatBinding(
                spec.id(), services.heartbeats(), environment, mailbox, plugins, optionsNow, new FromHeartbeat(this));
        this.heartbeatView = HeartbeatView.of(heartbeat, 0);
        this.machine = new ConnectionMachine(policy(), new EngineChance(services, host));
        this.permits = new Permits(spec.id(), services, mailbox, host, post);
        this.timers = new Timers(environment, post);
        this.events = new EventLog(spec.id(), machine, environment, services.events(), observer);
        // Only an exchange knows of channels.
        Optional<ConflatedChannels> conflated = Optional.of(options.exchangeType())
                .filter(type -> !type.isEmpty())
                .map(type -> new ConflatedChannels());
        Conflation conflation = conflated.isPresent() ? conflated.get() : Conflation.NONE;
        this.delivery = new Delivery(spec.id(), environment, options.direct(), conflation, fromDelivery);
        this.exchange = conflated.map(channels -> new ExchangeSide(
                spec.id(),
                services,
                mailbox,
                () -> new PluginLane(environment, mailbox, counters),
                optionsNow,
                ids,
                delivery,
                channels,
                fromSessions));
        // Credentials may take their time: neither do hooks wait for them nor does the going of a plugin.
        Connector connector = new Connector(
                spec.id(),
                services,
                exchange.map(ExchangeSide::preparations),
                () -> new PluginLane(environment, mailbox, counters));
        this.links = new Links(environment, mailbox, optionsNow, ids, heartbeat, exchange, connector, fromSessions);
    }

    /** On the mailbox: a connection that is still to be made. */
    Connection connection(long number) {
        return new Connection(
                new Origin(spec.id(), machine.incarnation(), number),
                fromConnection,
                delivery,
                counters,
                ids,
                services.frames(),
                heartbeat.inForce(),
                environment.nanoTime());
    }

    // --- from outside: post and return

    String id() {
        return spec.id();
    }

    ClientSpec spec() {
        return spec;
    }

    ClientOptions options() {
        return options;
    }

    Phase phase() {
        return phase;
    }

    long incarnation() {
        return incarnation;
    }

    long connectionNumber() {
        return connectionNumber;
    }

    Optional<Cause> lastCause() {
        return lastCause;
    }

    /** Why the last try to replace the connection came to nothing. */
    Optional<Cause> rotationTrouble() {
        return rotationTrouble;
    }

    HeartbeatView heartbeatView() {
        return heartbeatView;
    }

    String listenerTrouble() {
        return fromDelivery.trouble();
    }

    Environment environment() {
        return environment;
    }

    Delivery delivery() {
        return delivery;
    }

    /** The open and ready connection, if there is one. */
    Optional<Connection> ready() {
        return phase == Phase.READY ? links.current() : Optional.empty();
    }

    EventLog events() {
        return events;
    }

    HeartbeatBinding heartbeat() {
        return heartbeat;
    }

    /** Empty for a client without an exchange plugin. */
    Optional<ExchangeSide> exchange() {
        return exchange;
    }

    String fillId(String template) {
        return Ids.fill(template, ids.next());
    }

    Links links() {
        return links;
    }

    /** On the mailbox: the open connection is of no use any more. */
    void deadNow(Cause cause) {
        links.live().ifPresent(l -> input(new Input.Dead(l.connection().number, cause)));
    }

    void post(Runnable task) {
        mailbox.execute(task);
    }

    /** For whoever waits for an answer. @param otherwise instead, on this thread, when everything has ended */
    void post(Runnable task, Runnable otherwise) {
        mailbox.execute(task, otherwise);
    }

    void postInput(Input input) {
        mailbox.execute(() -> input(input));
    }

    /** As {@link #postInput}, for a thread of the transport for which no other connection waits: the mailbox may work on it. */
    void tell(Input input) {
        if (environment.worksWhereTold()) {
            mailbox.executeHere(() -> input(input));
        } else {
            postInput(input);
        }
    }

    /** Once, before anything is posted. */
    void reportTo(Supervision side) {
        supervision = side;
    }

    /** Everything is bound; nothing was started before. */
    void begin() {
        post(this::beginNow, () -> endUnseen(Cause.of(Cause.Kind.OWNER_GONE, "everything has ended")));
    }

    private void beginNow() {
        if (machine.phase() == Phase.CLOSED) {
            return;
        }
        if (!heartbeat.known()) {
            heartbeatWait = environment.schedule(
                    options.heartbeatWait().toNanos(),
                    () -> mailbox.execute(() -> {
                        heartbeatWaitOver = true;
                        gate();
                    }));
        }
        heartbeat.begin();
        exchange.ifPresent(ExchangeSide::begin);
        gate();
    }

    /** Ends the client after a closing handshake. */
    void close(int code, String reason, Cause cause) {
        post(() -> input(new Input.Close(code, reason, cause)), () -> endUnseen(cause));
    }

    /** No thread is left that could end it. */
    private void endUnseen(Cause cause) {
        opened.completeExceptionally(new ClientClosedException(spec.id(), cause, 0));
        ended.complete(cause);
    }

    /** Ends the client; what is not over after the limit is cut off. */
    void end(int code, String reason, Cause cause, Duration limit) {
        Runnable end = () -> {
            input(new Input.Close(code, reason, cause));
            if (machine.phase() != Phase.CLOSED) {
                cutOff.cancel();
                cutOff = environment.schedule(limit.toNanos(), () -> mailbox.execute(this::cutOff));
            }
        };
        post(end, () -> endUnseen(cause));
    }

    /** A closing handshake that lasts longer than whoever ends the client can wait. */
    private void cutOff() {
        links.abort(machine.connection());
        input(new Input.Closed(machine.connection(), new CloseInfo(CloseInfo.Kind.LOST, 1006, "cut off")));
    }

    void reconfigure(ClientOptions next) {
        mailbox.execute(() -> {
            if (machine.phase() == Phase.CLOSED) {
                return;
            }
            ClientOptions before = options;
            options = next;
            input(new Input.PolicyChanged(policy()));
            heartbeat.optionsChanged(before);
            exchange.ifPresent(x -> x.optionsChanged(before));
            gate();
            if (before.needsReconnect(next)) {
                input(new Input.Redirect(Cause.of(Cause.Kind.OPERATOR, "options changed")));
            }
        });
    }

    void addListener(MessageListener listener, Optional<String> listenerId) {
        delivery.add(listener, listenerId);
    }

    void removeListener(MessageListener listener) {
        delivery.remove(listener);
    }

    // --- mailbox

    void input(Input input) {
        if (handling) {
            if (inputs == null) {
                inputs = new ArrayDeque<>(2);
            }
            inputs.add(input);
            return;
        }
        handling = true;
        try {
            for (Input next = input; next != null; next = inputs == null ? null : inputs.poll()) {
                step(next);
            }
        } finally {
            handling = false;
            inputs = null;
        }
    }

    private void step(Input input) {
        Phase before = machine.phase();
        var outputs = machine.handle(input, environment.nanoTime());
        incarnation = machine.incarnation();
        connectionNumber = machine.connection();
        lastCause = machine.lastCause();
        rotationTrouble = machine.rotationTrouble();
        if (machine.phase() == Phase.READY && !everReady) {
            everReady = true;
            machine.handle(new Input.PolicyChanged(policy()), environment.nanoTime());
        }
        phase = machine.phase();
        services.transitions().step(spec.id(), before, input, machine.phase());
        for (Output output : outputs) {
            execute(output);
        }
        if (machine.phase() == Phase.READY && before != Phase.READY) {
            complete(opened, null);
        }
    }

    private void execute(Output output) {
        if (output instanceof Output.RequestPermit o) {
            permits.request(o);
        } else if (output instanceof Output.CancelPermit) {
            permits.cancel();
        } else if (output instanceof Output.ReleasePermit) {
            permits.release();
        } else if (output instanceof Output.Connect o) {
            counters.increment(Count.ATTEMPTS);
            links.connect(o.connection(), o.beside(), this::postInput);
        } else if (output instanceof Output.BeginSetup o) {
            counters.increment(Count.OPENS);
            links.beginSetup(o.connection());
        } else if (output instanceof Output.CloseHandshake o) {
            links.closeHandshake(o.connection(), o.code(), o.reason());
        } else if (output instanceof Output.Abort o) {
            links.abort(o.connection());
        } else if (output instanceof Output.Arm o) {
            timers.arm(o.kind(), o.token(), o.delay());
        } else if (output instanceof Output.Disarm o) {
            timers.disarm(o.kind());
        } else if (output instanceof Output.Publish o) {
            events.publish(o.type(), o.connection(), o.cause(), o.delay(), o.attempt());
        } else if (output instanceof Output.Interrupted o) {
            interrupted(o);
        } else if (output instanceof Output.TakeOver) {
            counters.increment(Count.ROTATIONS);
            links.takeOver();
            refreshHeartbeatView();
        } else if (output instanceof Output.Inherit) {
            links.inherit();
        } else if (output instanceof Output.Retired o) {
            links.retired(o.connection());
        } else if (output instanceof Output.Resumed o) {
            delivery.resumed(new Continuity.Resumed(
                    o.connection(),
                    o.span(),
                    exchange.map(x -> x.sessions().losses().takeChannels()).orElse(List.of()),
                    exchange.map(x -> x.sessions().losses().takeCalls()).orElse(List.of())));
            // Data may have begun before the connection became the current one.
            delivery.begin(o.connection());
        } else if (output instanceof Output.Ban o) {
            services.endpoints().ban(host(), o.length(), o.cause().toString());
        } else if (output instanceof Output.Exited o) {
            exited(o);
        } else if (output instanceof Output.Stopped) {
            supervision.stopped();
        } else if (output instanceof Output.Ended o) {
            end(o.cause());
        } else if (output instanceof Output.Stale) {
            counters.increment(Count.STALE);
        }
    }

    private void interrupted(Output.Interrupted o) {
        if (o.connection() == interrupted) {
            return;
        }
        interrupted = o.connection();
        counters.increment(Count.LOSSES);
        links.interrupted(o.connection());
        refreshHeartbeatView();
        delivery.interrupted(o.connection(), o.cause());
    }

    private void exited(Output.Exited o) {
        boolean last = o.reason().kind() != ExitReason.Kind.CRASH || everReady;
        if (!everReady && last && spec.removedOnInitialFailure(options)) {
            logger.warn("Client {} ends before its first connection: {}", spec.id(), o.cause());
            endAfterExit(o);
            return;
        }
        logger.warn("Client {} exits: {}", spec.id(), o.reason().description());
        supervision.exited(machine.incarnation(), o);
    }

    /** An exit that nobody will follow with a restart. */
    void endAfterExit(Output.Exited o) {
        input(new Input.Close(1000, "", o.cause()));
    }

    private void end(Cause cause) {
        if (over) {
            return;
        }
        over = true;
        int attempts = machine.attempts();
        timers.end();
        heartbeatWait.cancel();
        cutOff.cancel();
        heartbeat.end();
        exchange.ifPresent(ExchangeSide::end);
        links.end();
        delivery.close(cause);
        supervision.ended(cause);
        Publishing.complete(environment, () -> {
            opened.completeExceptionally(new ClientClosedException(spec.id(), cause, attempts));
            ended.complete(cause);
        });
    }

    private void complete(CompletableFuture<Void> stage, Void value) {
        if (!stage.isDone()) {
            Publishing.complete(environment, () -> stage.complete(value));
        }
    }

    void gate() {
        boolean listeners = everReady || delivery.listeners() >= spec.listenersRequired(options);
        boolean plugin = heartbeat.known() || heartbeat.quarantined() || heartbeatWaitOver;
        if (plugin) {
            heartbeatWait.cancel();
            heartbeatWait = Cancellable.NONE;
        }
        boolean protocol = exchange.map(ExchangeSide::known).orElse(true);
        input(new Input.Gate(listeners && plugin && protocol));
    }

    private void crashed(Throwable t) {
        String description = Text.of(t);
        logger.error("Client {}: fault of the engine: {}", spec.id(), description);
        mailbox.execute(() -> {
            abandon(description);
            input(new Input.Crash(description));
        });
    }

    /** Of the step that failed nothing may have been carried out: what it left open is of no use any more. */
    private void abandon(String description) {
        permits.cancel();
        timers.end();
        Cause cause = Cause.of(Cause.Kind.CRASH, description);
        links.abandon(c -> interrupted(new Output.Interrupted(c.number, cause)));
    }

    private ConnectionPolicy policy() {
        // The exchange's side is made later than the first policy.
        Duration age = exchange == null
                ? Duration.ZERO
                : exchange.map(ExchangeSide::rotateAfter).orElse(Duration.ZERO);
        return services.shared().of(spec.policy(options, heartbeat.profile(), age, everReady));
    }

    private String host() {
        return options.uri().getHost();
    }

    /** Reading may stop for half of the time after which the peer would take us for dead, or we it. */
    Duration blockLimit() {
        Duration limit = options.overflow().blockMax();
        Duration half = heartbeat.profile().shortestDeadline().dividedBy(2);
        return !half.isZero() && half.compareTo(limit) < 0 ? half : limit;
    }

    /** On the mailbox: another profile is in force. */
    void profileChanged(HeartbeatProfile profile) {
        links.swap(profile);
        input(new Input.PolicyChanged(policy()));
    }

    /** On the mailbox: the exchange's protocol may be another one. */
    void exchangeChanged() {
        input(new Input.PolicyChanged(policy()));
        gate();
    }

    void refreshHeartbeatView() {
        heartbeatView = services.shared()
                .of(HeartbeatView.of(
                        heartbeat, links.live().map(LiveConnection::missed).orElse(0)));
    }

    /** On the mailbox: what a heartbeat that comes to a living connection may know of it. */
    Optional<HeartbeatState> living() {
        return links.live().map(LiveConnection::state);
    }
}
