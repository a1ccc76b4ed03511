// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import static io.holdfast.heartbeat.kit.Rig.ALLOWANCE;
import static io.holdfast.heartbeat.kit.Rig.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Received;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What every heartbeat plugin must pass. A test class of the plugin implements this and says what is under test; each test
 * has a server, an engine and sockets of its own, so they may run side by side. They take a few deadlines each: choose a peer
 * whose deadlines are a few seconds, with half a second and more between what the plugin does and what the peer allows.
 */
public interface HeartbeatConformance {
    /** The plugin and its exchange. */
    Subject subject();

    private static HeartbeatProfile profile(HeartbeatFactory factory, Map<String, String> options) {
        return factory.open(new HeartbeatContext("kit", factory.options().parse(options)))
                .profile();
    }

    private boolean hooked() {
        HeartbeatFactory factory = subject().factory();
        return factory.open(new HeartbeatContext(
                        "kit", factory.options().parse(subject().options())))
                .hooks()
                .isPresent();
    }

    private HeartbeatProfile profile() {
        return profile(subject().factory(), subject().options());
    }

    @Test
    @DisplayName("its options are named heartbeat.…, and others are refused by name")
    default void optionsAreItsOwn() {
        HeartbeatFactory factory = subject().factory();
        assertThat(factory.type()).isNotBlank();
        assertThat(profile().type()).isEqualTo(factory.type());
        assertThat(factory.options().options()).allSatisfy(o -> {
            assertThat(o.name()).startsWith("heartbeat.");
            assertThat(o.description()).isNotBlank();
        });
        assertThatThrownBy(() -> factory.options().parse(Map.of("heartbeat.no.such.option", "1")))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("heartbeat.no.such.option");
    }

    @Test
    @DisplayName("its profile is plain data: it pins neither the plugin nor its class loader")
    default void theProfileIsPlainData() {
        HeartbeatFactory apart = ApartLoader.again(subject().factory());
        assertThat(apart.getClass()).isNotEqualTo(subject().factory().getClass());
        WeakReference<ClassLoader> loader = new WeakReference<>(apart.getClass().getClassLoader());
        HeartbeatProfile kept = profile(apart, subject().options());
        assertThat(PlainData.strangers(kept)).isEmpty();
        apart = null;
        Rig.until("the plugin's class loader to be collected", () -> {
            System.gc();
            return loader.get() == null;
        });
        assertThat(kept).isEqualTo(profile());
    }

    @Test
    @DisplayName("it is stateless: many clients at a time get the same")
    default void opensAlikeForAll() throws Exception {
        HeartbeatProfile one = profile();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<HeartbeatProfile>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                calls.add(this::profile);
            }
            for (Future<HeartbeatProfile> opened : threads.invokeAll(calls, LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(opened.get()).isEqualTo(one);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("the peer cuts who proves nothing: else the other tests would prove nothing")
    default void withoutItTheExchangeCuts() throws Exception {
        Subject subject = subject();
        try (Rig rig = new Rig(subject)) {
            try (SilentClient silent =
                    new SilentClient(rig.simulator.port(), subject.peer().idle().path())) {
                silent.awaitEnd();
            }
            assertThat(rig.simulator.awaitEnd(1, LIMIT).end()).isEqualTo(End.SERVER);
            if (!subject.peer().pongsSuffice()) {
                Peer.Line bare = new Peer.Line(subject.peer().idle().path(), List.of());
                rig.open(rig.options(bare, "without").option("heartbeat.type", "none"));
                assertThat(rig.simulator.awaitEnd(2, LIMIT).end()).isEqualTo(End.SERVER);
            }
        }
    }

    @Test
    @DisplayName("it survives three deadlines idle and busy, at its stated rate, beside plugins that throw and hang")
    default void survives() throws Exception {
        Subject subject = subject();
        try (Rig rig = new Rig(subject);
                FaultyNeighbours neighbours = new FaultyNeighbours()) {
            Notes idle = rig.open(subject.peer().idle(), "idle");
            Notes busy = rig.open(subject.peer().busy(), "busy");
            rig.plug(neighbours.throwing());
            rig.plug(neighbours.hanging());
            rig.open(rig.options(subject.peer().idle(), FaultyNeighbours.THROWING)
                    .option("heartbeat.type", FaultyNeighbours.THROWING)
                    .option("plugin.limit", "200ms"));
            rig.open(rig.options(subject.peer().idle(), FaultyNeighbours.HANGING)
                    .option("heartbeat.type", FaultyNeighbours.HANGING)
                    .option("plugin.limit", "200ms"));

            Duration span = subject.deadline().multipliedBy(3);
            Rig.stays(
                    "both connections alive",
                    span,
                    () -> idle.lost().isEmpty() && busy.lost().isEmpty());

            for (int number = 1; number <= 2; number++) {
                AcceptRecord record =
                        rig.simulator.session(number).orElseThrow().record();
                assertThat(record.end()).isEqualTo(End.OPEN);
                assertThat(System.nanoTime() - record.openedNanos()).isGreaterThan(span.toNanos());
                Rate.check(
                        subject,
                        rig.simulator.session(number).orElseThrow(),
                        profile().beat().isPresent());
            }
            assertThat(busy.messages()).isGreaterThan(10);
        }
    }

    @Test
    @DisplayName("it finds a half-open connection within its bound, idle and busy, and is back after it")
    default void findsHalfOpen() throws Exception {
        Subject subject = subject();
        try (Rig rig = new Rig(subject)) {
            Notes idle = rig.open(subject.peer().idle(), "idle");
            Notes busy = rig.open(subject.peer().busy(), "busy");
            Rig.until("data", () -> busy.messages() > 10);

            Fault fault = rig.simulator.faults().onOpen().halfOpen();

            for (Notes notes : List.of(idle, busy)) {
                assertThat(notes.cause(Type.LOST).kind()).isEqualTo(Cause.Kind.HEARTBEAT);
                Rig.until("back", () -> notes.count(Type.READY) == 2);
            }
            for (int number = 1; number <= 2; number++) {
                AcceptRecord end = rig.simulator.awaitEnd(number, LIMIT);
                assertThat(end.end()).isIn(End.CLIENT_RESET, End.CLIENT_FIN);
                assertThat(Duration.ofNanos(end.endedNanos() - fault.nanos()))
                        .isLessThan(subject.bound().plus(ALLOWANCE));
            }
        }
    }

    @Test
    @DisplayName("its set-up is done first, in order and once, on every connection")
    default void setUpOnEveryConnection() throws Exception {
        Subject subject = subject();
        List<Pattern> steps = profile().setup().stream()
                .map(SetupStep::text)
                .filter(text -> !text.isEmpty())
                .map(HeartbeatConformance::sent)
                .toList();
        try (Rig rig = new Rig(subject)) {
            Notes notes = rig.open(subject.peer().idle(), "again");
            for (int connection = 1; connection <= 3; connection++) {
                int ready = connection;
                Rig.until("ready again", () -> notes.count(Type.READY) == ready);
                List<String> texts = rig.simulator.session(connection).orElseThrow().received().stream()
                        .filter(r -> r.kind() == Received.Kind.TEXT)
                        .map(Received::text)
                        .toList();
                assertThat(texts).hasSizeGreaterThanOrEqualTo(steps.size());
                for (int i = 0; i < steps.size(); i++) {
                    Pattern step = steps.get(i);
                    assertThat(texts.get(i)).matches(step);
                    assertThat(texts)
                            .filteredOn(text -> step.matcher(text).matches())
                            .hasSize(1);
                }
                rig.simulator.faults().reset();
            }
        }
    }

    private static Pattern sent(String text) {
        return Pattern.compile("\\Q" + text.replace("${id}", "\\E[A-Za-z0-9]+\\Q") + "\\E");
    }

    @Test
    @DisplayName("updated under a living connection it loses neither the connection nor its set-up")
    default void replacedUnderALivingConnection() throws Exception {
        Subject subject = subject();
        int steps = (int) profile().setup().stream()
                .filter(step -> !step.text().isEmpty())
                .count();
        try (Rig rig = new Rig(subject)) {
            Notes notes = rig.open(subject.peer().idle(), "updated");
            long before = notes.count(Type.HEARTBEAT_BOUND);

            rig.unplug(subject.factory());
            Rig.until("degraded", () -> notes.count(Type.DEGRADED) == 1);
            if (!hooked()) {
                // Hooks are code and go with the plugin; until it is back, what they alone can say is not said.
                Rig.stays(
                        "alive without the plugin",
                        subject.deadline().plus(subject.deadline().dividedBy(2)),
                        () -> notes.lost().isEmpty());
            }
            rig.plug(ApartLoader.again(subject.factory()));
            Rig.until("bound again", () -> notes.count(Type.HEARTBEAT_BOUND) == before + 1);
            Rig.stays(
                    "alive with the new one",
                    subject.deadline().plus(subject.deadline().dividedBy(2)),
                    () -> notes.lost().isEmpty());

            Session session = rig.simulator.session(1).orElseThrow();
            assertThat(session.record().end()).isEqualTo(End.OPEN);
            for (SetupStep step : profile().setup()) {
                assertThat(session.received())
                        .filteredOn(r -> sent(step.text()).matcher(r.text()).matches())
                        .hasSize(step.text().isEmpty() ? 0 : 1);
            }
            assertThat(steps).isLessThanOrEqualTo(session.received().size());
            Rate.check(subject, session, profile().beat().isPresent());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "processes are stopped by signals")
    @DisplayName(
            "a pause of the process longer than its bound is no death of the peer, and no storm of heartbeats follows")
    default void aPauseIsNoDeath() throws Exception {
        Subject subject = subject();
        Peer.Line line = subject.peer().idle();
        Duration pause = subject.bound().plus(subject.deadline()).dividedBy(2);
        try (Simulator simulator = Rig.simulator(subject);
                PausedProcess client =
                        new PausedProcess(subject, simulator.uri(line.path()).toString(), line.openMessages())) {
            Session first = simulator.awaitOpen(1, LIMIT).get(0);
            simulator.await(
                    "a heartbeat",
                    () -> !first.isOpen()
                            || first.received().stream().anyMatch(subject.peer()::isBeat)
                            || System.nanoTime() - first.record().openedNanos()
                                    > subject.deadline().toNanos(),
                    LIMIT);
            assertThat(first.isOpen()).isTrue();

            client.pause();
            Rig.stays("time passes", pause, () -> true);
            client.goOn();
            long goesOn = System.nanoTime();

            Rig.stays("more time passes", subject.bound(), () -> true);
            // The exchange may have cut it by its rules; the client itself must not have.
            AcceptRecord record = first.record();
            assertThat(record.end()).as(record.endDetail()).isIn(End.OPEN, End.SERVER);
            simulator.awaitOpen(1, LIMIT);
            Rate.check(subject, simulator.open(), profile().beat().isPresent());
            assertThat(System.nanoTime() - goesOn).isGreaterThan(subject.bound().toNanos());
        }
    }
}
