// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.itests.support.BareSockets;
import io.holdfast.itests.support.Census;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Lateness;
import io.holdfast.itests.support.Repeats;
import io.holdfast.itests.support.Services;
import io.holdfast.itests.support.TimedReceiver;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;

/**
 * The scenarios N1 to N4 beside a hundred healthy clients of the same group: 19 that crash-loop until they are given up, again and
 * again, one whose endpoint is away for several ladders, and starts that fail. Times of trouble alternate with quiet ones, so that
 * whatever else the machine does falls into both.
 *
 * <p>What is asserted does not depend on speed: nothing missing, doubled or out of order, no healthy socket touched, nothing left
 * behind. Of lateness only what no machine explains is an error: the limit is a message that came {@link Services#LIMIT} late. The
 * comparison with the quiet times is printed, and beside it that of {@link BareSockets}, which share the process, the machine and the
 * simulator, and nothing of ours.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SiblingsIT {

    private static final int HEALTHY = Repeats.of("healthy", 100);
    private static final int BARE = 20;
    private static final int LOOPING = 19;
    private static final int ROUNDS = Repeats.of("rounds", 4);
    private static final int LADDERS = 2;
    private static final double RATE = 10;
    private static final String GROUP = "trading";
    private static final Duration QUIET = Duration.ofSeconds(2);

    /** What never happens to a client whose connection is fine. */
    private static final Set<Type> TROUBLE =
            Set.of(Type.LOST, Type.RECONNECTING, Type.CONNECT_FAILED, Type.EXITED, Type.GIVEN_UP);

    /** How the exchange fails the crash-loopers, one way each round. */
    private static final List<Upgrade> FAILURES = List.of(
            Upgrade.openThenReset(), Upgrade.drop(), Upgrade.openThenClose(1011, "broken"), Upgrade.wrongAccept());

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private Services services;
    private Configurations configurations;
    private Simulator steady;
    private Simulator shaky;
    private Simulator away;
    private Simulator nobody;
    private final ClientEvents events = new ClientEvents();
    private final Map<String, TimedReceiver> receivers = new LinkedHashMap<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final Lateness quiet = new Lateness();
    private final List<Lateness> troubledRounds = new ArrayList<>();
    private final Lateness bareQuiet = new Lateness();
    private final Lateness bareTroubled = new Lateness();
    private volatile Lateness now = new Lateness();
    private volatile Lateness bareNow = new Lateness();
    private BareSockets bare;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(SiblingsIT.class);
    }

    /**
     * Three restarts in 12 s: used up by 19 clients that fail at once, however slow the machine, never by the ladders of the one whose
     * endpoint is away.
     */
    @Before
    public void start() {
        services = new Services(context);
        configurations = new Configurations(admin);
        steady = Simulator.start(SimulatorOptions.builder().rate(RATE).build());
        shaky = silent();
        away = silent();
        nobody = silent();
        nobody.faults().refuse();
        configurations.unlimitedAttempts();
        configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", 3, "period", "12s"));
        registrations.add(events.observe(context));
        for (String id : ids("healthy", HEALTHY)) {
            TimedReceiver receiver = new TimedReceiver(() -> now);
            receivers.put(id, receiver);
            registrations.add(receiver.listenTo(context, id));
            Map<String, Object> options = GenericClient.options(steady, id);
            options.put("supervisor.group", GROUP);
            options.put("listeners.required", 1);
            configurations.set(Configurations.CLIENT, id, options);
        }
        bare = new BareSockets(steady, "bare", BARE, () -> bareNow);
        configurations.set(Configurations.CLIENT, "away", ladder());
        awaitReady("away", 1);
        receivers.keySet().forEach(id -> awaitReady(id, 1));
        receivers.values().forEach(receiver -> receiver.numbers().awaitMore(1));
        // All that is registered for them, so that it can be counted: two Conditions for each, one for the group.
        int clients = HEALTHY + 1;
        await("services")
                .atMost(Services.LIMIT)
                .until(() -> services.references(WebSocketClient.class, null).size() == clients
                        && services.references(Child.class, null).size() == clients
                        && services.references(Condition.class, "(osgi.condition.id=holdfast.*)")
                                        .size()
                                == 2 * clients + 1);
    }

    @After
    public void stop() throws IOException {
        bare.close();
        configurations.close();
        registrations.forEach(ServiceRegistration::unregister);
        List.of(steady, shaky, away, nobody).forEach(simulator -> {
            simulator.awaitNoneOpen(Services.LIMIT);
            simulator.close();
        });
    }

    private static Simulator silent() {
        return Simulator.start(SimulatorOptions.builder().rate(0).build());
    }

    /** 8 attempts, 550 ms apart at least: three restarts take longer than the group's period. */
    private Map<String, Object> ladder() {
        Map<String, Object> options = GenericClient.options(away, "away");
        options.put("supervisor.group", GROUP);
        options.put("reconnect.attempts", 8);
        options.put("reconnect.floor", "550ms");
        options.put("reconnect.initial", "550ms");
        options.put("reconnect.maximum", "600ms");
        return options;
    }

    private static List<String> ids(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private long count(String id, Type type) {
        return events.all().stream()
                .filter(e -> e.clientId().equals(id) && e.type() == type)
                .count();
    }

    private void awaitReady(String id, long times) {
        await(id + " ready").atMost(Services.LIMIT).until(() -> count(id, Type.READY) >= times);
    }

    @Test
    public void nobody_notices_the_trouble_of_others() throws Exception {
        ClientSupervisor trading = services.get(ClientSupervisor.class, "(supervisor.group=" + GROUP + ")");
        Census before = Census.lasting(context);

        for (int round = 1; round <= ROUNDS; round++) {
            bareNow = bareQuiet;
            now = quiet;
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
            bareNow = bareTroubled;
            troubledRounds.add(new Lateness());
            now = troubledRounds.get(round - 1);
            trouble(round, trading);
        }
        endTrouble(trading);

        long delivered = 0;
        for (String id : receivers.keySet()) {
            delivered += receivers.get(id).numbers().complete(steady, GenericClient.path(id));
        }
        assertUntouched();
        assertNothingTriesOn();
        Census after = Census.atRest(context);
        assertThat(after.withoutTransportPool()).isEqualTo(before.withoutTransportPool());
        assertThat(after.threads().getOrDefault(Census.TRANSPORT_POOL, 0L)).isLessThanOrEqualTo(Census.TRANSPORT_LIMIT);
        Lateness troubled = new Lateness();
        troubledRounds.forEach(troubled::addAll);
        report(delivered, troubled);
        assertThat(troubled.quantile(1)).as("the latest message").isLessThan(Services.LIMIT.toNanos());
    }

    private void trouble(int round, ClientSupervisor trading) throws Exception {
        long ready = count("away", Type.READY);
        long exits = count("away", Type.EXITED);
        away.faults().refuse();
        away.faults().reset();
        shaky.faults().upgrades(FAILURES.get(round % FAILURES.size()));
        for (String id : ids("looping", LOOPING)) {
            if (round == 1) {
                configurations.set(Configurations.CLIENT, id, GenericClient.fragile(shaky, id, GROUP));
            } else {
                assertThat(get(services.supervisor(GROUP).reset(id))).isEqualTo(Reply.OK);
            }
        }
        refusedStart(trading, "refused", Map.of("reconnect.attempts", 1), 1);
        refusedStart(trading, "ladder", Map.of(), 10);
        int rounds = round;
        for (String id : ids("looping", LOOPING)) {
            await(id + " given up").atMost(Services.LIMIT).until(() -> count(id, Type.GIVEN_UP) == rounds);
        }
        await("ladders")
                .atMost(Services.LIMIT.multipliedBy(2))
                .until(() -> count("away", Type.EXITED) >= exits + LADDERS);
        away.faults().accept();
        awaitReady("away", ready + 1);
    }

    /** N1 and N2: the cause is told when the attempts are used up, and nothing of the client remains. */
    private void refusedStart(ClientSupervisor trading, String id, Map<String, ?> more, int attempts) {
        Map<String, Object> options = GenericClient.options(nobody, id);
        options.putAll(more);
        WebSocketClient client = trading.startClient(ClientOptions.of(options), message -> {});
        assertThatThrownBy(() -> get(client.opened()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClientClosedException.class)
                .hasMessageContaining("after " + attempts + " attempts");
        await("end of " + id)
                .atMost(Services.LIMIT)
                .until(() -> trading.clients().isEmpty()
                        && services.references(Child.class, "(child.id=" + id + ")")
                                .isEmpty());
    }

    private void endTrouble(ClientSupervisor trading) {
        assertThat(services.supervisor(GROUP).status().alive()).isTrue();
        assertThat(count("away", Type.GIVEN_UP))
                .as("given up although only its endpoint was away")
                .isZero();
        assertThat(ids("looping", LOOPING))
                .allSatisfy(id -> assertThat(count(id, Type.STARTED)).as(id).isEqualTo(4L * ROUNDS));
        shaky.faults().upgrades(Upgrade.accept());
        ids("looping", LOOPING).forEach(id -> configurations.delete(Configurations.CLIENT, id));
        await("the group without them")
                .atMost(Services.LIMIT)
                .until(() -> services.supervisor(GROUP).status().children().size() == HEALTHY + 1);
        assertThat(trading.clients()).isEmpty();
    }

    private void assertUntouched() {
        assertThat(events.all())
                .filteredOn(e -> receivers.containsKey(e.clientId()))
                .extracting(ConnectionEvent::type)
                .doesNotContainAnyElementsOf(TROUBLE);
        assertThat(steady.acceptLog())
                .hasSize(HEALTHY + BARE)
                .allSatisfy(a -> assertThat(a.end()).isEqualTo(AcceptRecord.End.OPEN));
        assertThat(services.supervisor(GROUP).status().children())
                .filteredOn(c -> receivers.containsKey(c.id()))
                .hasSize(HEALTHY)
                .allSatisfy(c -> {
                    assertThat(c.state()).isEqualTo(ChildStatus.State.RUNNING);
                    assertThat(c.incarnation()).as("incarnations of %s", c.id()).isEqualTo(firstIncarnation(c.id()));
                    assertThat(c.restarts()).isZero();
                });
    }

    private long firstIncarnation(String id) {
        return events.all().stream()
                .filter(e -> e.clientId().equals(id) && e.type() == Type.STARTED)
                .findFirst()
                .orElseThrow()
                .incarnation();
    }

    /** All endpoints are there again: an orphan would come. */
    private void assertNothingTriesOn() {
        nobody.faults().accept();
        int shakyAccepts = shaky.accepts();
        await("an orphan")
                .during(Duration.ofSeconds(1))
                .atMost(Services.LIMIT)
                .until(() -> nobody.accepts() == 0
                        && shaky.accepts() == shakyAccepts
                        && away.open().size() == 1);
        assertThat(shaky.acceptLog())
                .isNotEmpty()
                .allSatisfy(a -> assertThat(a.end()).isNotEqualTo(AcceptRecord.End.OPEN));
    }

    private void report(long delivered, Lateness troubled) {
        System.out.printf(
                "SiblingsIT: %d healthy clients, %d messages delivered, 0 missing, 0 doubled; beside them %d connections of crash-loopers%n",
                HEALTHY, delivered, shaky.accepts());
        System.out.printf("SiblingsIT: healthy only: %s%n", quiet);
        System.out.printf("SiblingsIT: in trouble:   %s%n", troubled);
        System.out.printf("SiblingsIT: %d bare sockets, healthy only: %s%n", BARE, bareQuiet);
        System.out.printf("SiblingsIT: %d bare sockets, in trouble:   %s%n", BARE, bareTroubled);
        long latestOfQuiet = quiet.quantile(1);
        System.out.printf(
                "SiblingsIT: in trouble later than the latest of healthy only: %d; round by round: %s%n",
                troubled.laterThan(latestOfQuiet),
                troubledRounds.stream()
                        .map(round -> round.laterThan(latestOfQuiet))
                        .toList());
    }

    private static <T> T get(java.util.concurrent.CompletionStage<T> stage)
            throws ExecutionException, InterruptedException, TimeoutException {
        return stage.toCompletableFuture().get(Services.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
