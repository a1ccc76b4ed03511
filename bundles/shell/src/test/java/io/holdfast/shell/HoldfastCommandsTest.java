// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.supervision.Supervisor.ChildStatus.State;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.apache.felix.service.command.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HoldfastCommandsTest {
    private final EventLog log = new EventLog();
    private final HoldfastCommands commands = new HoldfastCommands(log, Duration.ofSeconds(20));

    private HoldfastCommands trading(Reply reply) {
        return commands.seeing(
                List.of(
                        FixedClient.ready("deribit").supervisedBy("trading"),
                        FixedClient.ready("alone").alone()),
                List.of(
                        supervisor = FixedSupervisor.answering(
                                reply,
                                "trading",
                                FixedSupervisor.child("deribit", State.RUNNING),
                                FixedSupervisor.child("feed", State.RUNNING))));
    }

    private FixedSupervisor supervisor;

    @Test
    void listsClientsAndGroups() {
        HeartbeatHealth gone = new HeartbeatHealth("binance", false, false, Optional.empty(), Optional.empty(), 0, 0);
        HeartbeatHealth bad = new HeartbeatHealth("deribit", true, true, Optional.empty(), Optional.empty(), 0, 0);
        HeartbeatHealth own = new HeartbeatHealth("ping", false, false, Optional.empty(), Optional.empty(), 0, 0);
        HeartbeatHealth none = new HeartbeatHealth("", false, false, Optional.empty(), Optional.empty(), 0, 0);
        Optional<Cause> lost = Optional.of(Cause.of(Cause.Kind.SERVER_CLOSE, "bye\u001b[2J", 1001));
        commands.seeing(
                List.of(
                        FixedClient.ready("deribit").supervisedBy("trading"),
                        new FixedClient("binance", ClientState.EXITED, gone, lost).supervisedBy("trading"),
                        new FixedClient("orphan", ClientState.READY, bad, Optional.empty()).supervisedBy("elsewhere"),
                        new FixedClient("alone", ClientState.BACKOFF, own, Optional.empty()).alone(),
                        new FixedClient("zero", ClientState.WAITING, none, Optional.empty()).alone()),
                List.of(FixedSupervisor.answering(
                        Reply.OK,
                        "trading",
                        FixedSupervisor.child("deribit", State.RUNNING),
                        FixedSupervisor.child("binance", State.GIVEN_UP))));
        assertThat(commands.list()).isEqualTo("""
        client   state     incarnation  restarts      msgs    last msg  heartbeat              last beat  round trip  last cause
        alone    BACKOFF   3            -             123456  120ms     ping                   -          -           -
        binance  GIVEN_UP  3            2/10 in 1m    123456  120ms     binance (no plugin)    -          -           SERVER_CLOSE(1001): bye\\u001b[2J
        deribit  READY     3            2/10 in 1m    123456  120ms     deribit                4.2s       1.23ms      -
        orphan   READY     3            unsupervised  123456  120ms     deribit (quarantined)  -          -           -
        zero     WAITING   3            -             123456  120ms     -                      -          -           -

        group trading: 2 children, 1 running, at most 10 restarts in 1m""");
    }

    @Test
    void listsNothing() {
        assertThat(commands.list()).isEqualTo("There is no client and no group.");
    }

    @Test
    void longCausesAreCutInTheList() {
        Optional<Cause> cause = Optional.of(Cause.of(Cause.Kind.HTTP, "x".repeat(200), 502));
        commands.seeing(
                List.of(new FixedClient("a", ClientState.BACKOFF, FixedClient.BOUND, cause).alone()), List.of());
        assertThat(commands.list()).contains("HTTP(502): xxx").endsWith("x...").doesNotContain("x".repeat(80));
        assertThat(commands.show("a")).contains("x".repeat(200));
    }

    @Test
    void showsOneClient() {
        log.onEvent(EventLogTest.event("deribit", 7, Type.READY));
        assertThat(trading(Reply.OK).show("deribit")).isEqualTo("""
        client           deribit
        uri              wss://host/path
        state            READY
        health           WARN
                         heartbeat.interval: must be at least 10s
        last cause       -
        group            trading
        supervision      RUNNING, restarts 2/10 in 1m
        heartbeat        deribit
        beats            42 answered, 0 missed in a row, last 4.2s ago, round trip 1.23ms
        incarnation      3
        connection       17 (20 attempts, 17 opened, 16 lost)
        rotations        0, 0 streams without numbers switched
        messages in      123456 (9876543 bytes), last 120ms ago
        messages out     88
        delivery         5 queued, 2 dropped, 1 listener faults
        plugin calls     1 hung
        stale callbacks  4

        time                      client   #  event  incarnation  connection  details
        2026-11-22 08:00:07.000Z  deribit  7  READY  1            1           -""");
        assertThat(commands.show("alone")).contains("group            none").doesNotContain("supervision");
    }

    @ParameterizedTest
    @CsvSource({"show", "reconnect"})
    void anUnknownClientIsNamedWithThoseThereAre(String command) {
        trading(Reply.OK);
        assertThatThrownBy(() -> {
                    if (command.equals("show")) {
                        commands.show("derbit");
                    } else {
                        commands.reconnect("derbit");
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no client 'derbit'; there are alone, deribit");
    }

    @Test
    void eventsOfOneOrAllAndNotMoreThanAskedFor() {
        trading(Reply.OK);
        for (int i = 1; i <= 30; i++) {
            log.onEvent(EventLogTest.event("deribit", i, Type.LOST));
        }
        log.onEvent(new ConnectionEvent(
                "program",
                31,
                2,
                9,
                Type.RECONNECTING,
                Optional.of(Cause.of(Cause.Kind.LOST, "reset")),
                Duration.ofMillis(1500),
                4,
                Instant.parse("2026-11-22T09:00:00Z")));
        assertThat(events())
                .hasSize(21)
                .last()
                .asString()
                .isEqualTo(
                        "2026-11-22 09:00:00.000Z  program  31  RECONNECTING  2            9           in 1.5s, attempt 4, LOST: reset");
        assertThat(events("3")).hasSize(4);
        assertThat(events("deribit", "2")).hasSize(3).last().asString().contains("  30  LOST");
        assertThat(events("program")).as("a client without a service").hasSize(2);
        assertThat(commands.events(new String[] {"alone"})).isEqualTo("There are no events.");
        assertThatThrownBy(() -> events("nobody")).hasMessageContaining("There is no client 'nobody'");
        assertThatThrownBy(() -> events("deribit", "many")).hasMessageContaining("'many' is not a number");
        assertThatThrownBy(() -> events("a", "1", "2")).hasMessage("usage: events [id] [n]");
    }

    private List<String> events(String... arguments) {
        return commands.events(arguments).lines().toList();
    }

    @Test
    void reconnects() {
        FixedClient client = FixedClient.ready("a");
        commands.seeing(List.of(client.alone()), List.of());
        assertThat(commands.reconnect("a")).contains("'a'");
        assertThat(client.asked).containsExactly("reconnect");
    }

    @Test
    void rotates() {
        FixedClient client = FixedClient.ready("a");
        commands.seeing(List.of(client.alone()), List.of());
        assertThat(commands.rotate("a")).contains("'a'");
        assertThat(client.asked).containsExactly("rotate");
    }

    @ParameterizedTest
    @EnumSource(
            value = ClientState.class,
            names = {"WAITING", "EXITED", "CLOSING", "CLOSED"})
    void doesNotPretendToReconnectWhatHasNoConnection(ClientState state) {
        FixedClient client = FixedClient.in(state, "a");
        commands.seeing(List.of(client.alone()), List.of());
        assertThatThrownBy(() -> commands.rotate("a")).hasMessageContaining("it has no connection to replace");
        assertThatThrownBy(() -> commands.reconnect("a"))
                .hasMessage("Client 'a' is " + state + ", it has no connection to replace");
        assertThat(client.asked).isEmpty();
    }

    @Test
    void ordersGoToTheGroup() {
        trading(Reply.OK);
        assertThat(commands.stop("deribit")).startsWith("'deribit' of group 'trading' is stopped");
        assertThat(commands.start("deribit")).startsWith("'deribit' of group 'trading' is started");
        assertThat(commands.reset("deribit")).startsWith("'deribit' of group 'trading' has its whole budget");
        assertThat(commands.stop("feed")).as("a child that is no client").contains("'feed'");
        assertThat(supervisor.ordered)
                .containsExactly(
                        "terminateChild deribit", "restartChild deribit", "reset deribit", "terminateChild feed");
    }

    @ParameterizedTest
    @EnumSource(value = Reply.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void whatWasNotDoneIsAnError(Reply reply) {
        trading(reply);
        assertThatThrownBy(() -> commands.start("deribit"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Nothing done with 'deribit' of group 'trading': ")
                .hasMessageEndingWith("(" + reply + ")");
    }

    @Test
    void unsupervisedClientsAreNotStoppedAndItSaysWhy() {
        FixedClient client = FixedClient.ready("alone");
        commands.seeing(List.of(client.alone()), List.of());
        assertThatThrownBy(() -> commands.stop("alone"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("belongs to no group")
                .hasMessageContaining("holdfast:reconnect");
        assertThat(client.asked).isEmpty();
    }

    @Test
    void aGroupWithoutSupervisorIsNamed() {
        commands.seeing(List.of(FixedClient.ready("a").supervisedBy("trading")), List.of());
        assertThatThrownBy(() -> commands.reset("a"))
                .hasMessage("Client 'a' belongs to group 'trading', which has no supervisor now");
    }

    @Test
    void anIdInSeveralGroupsIsNotGuessed() {
        commands.seeing(
                List.of(),
                List.of(
                        FixedSupervisor.answering(Reply.OK, "one", FixedSupervisor.child("x", State.RUNNING)),
                        FixedSupervisor.answering(Reply.OK, "two", FixedSupervisor.child("x", State.RUNNING))));
        assertThatThrownBy(() -> commands.stop("x")).hasMessage("'x' is a child of several groups: one, two");
        assertThatThrownBy(() -> commands.stop("y")).hasMessage("There is no client or child 'y'; there are x");
    }

    @Test
    void doesNotWaitForEver() {
        HoldfastCommands impatient = new HoldfastCommands(log, Duration.ofMillis(20));
        impatient.seeing(
                List.of(FixedClient.ready("a").supervisedBy("g")),
                List.of(new FixedSupervisor("g", new CompletableFuture<>())));
        assertThatThrownBy(() -> impatient.stop("a"))
                .hasMessage(
                        "No answer about 'a' of group 'g' within 20ms; the order is queued and may still be carried out");
    }

    @Test
    void aFailedOrderIsToldAsText() {
        commands.seeing(
                List.of(FixedClient.ready("a").supervisedBy("g")),
                List.of(new FixedSupervisor(
                        "g", CompletableFuture.failedFuture(new IllegalStateException("gone\u0007")))));
        assertThatThrownBy(() -> commands.stop("a"))
                .hasMessage("The order about 'a' of group 'g' failed: java.lang.IllegalStateException: gone\\u0007")
                .hasNoCause();
    }

    @Test
    void everyCommandIsRegisteredAndDescribed() {
        String[] registered = {"list", "show", "events", "reconnect", "rotate", "stop", "start", "reset", "ids"};
        assertThat(HoldfastCommands.class.getMethods())
                .filteredOn(m -> m.isAnnotationPresent(Descriptor.class))
                .extracting(Method::getName)
                .containsExactlyInAnyOrder(registered);
        assertThat(componentProperty("osgi.command.function")).containsExactlyInAnyOrder(registered);
        assertThat(componentProperty("osgi.command.scope")).containsExactly("holdfast");
    }

    /** What the annotation says; it is not kept for run time, so the class file is read. */
    private static List<String> componentProperty(String name) {
        try (InputStream in = HoldfastCommands.class.getResourceAsStream("HoldfastCommands.class")) {
            String constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return Pattern.compile(Pattern.quote(name) + "=([a-z]+)")
                    .matcher(constants)
                    .results()
                    .map(r -> r.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
