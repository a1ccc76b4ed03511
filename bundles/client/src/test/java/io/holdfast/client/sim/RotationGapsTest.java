// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.core.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a rotation leaves missing of a book without any interruption is told as a gap of the book, and then only. */
@ExtendWith(QuietLogs.class)
class RotationGapsTest {
    private static final String BOOK = "book.BTC-PERPETUAL.raw";

    private final Simulation sim = new Simulation(11, Duration.ofMillis(200));
    private SimulatedClient client;
    private ClientHistory history;

    @BeforeEach
    void isReady() {
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_credentials");
        options.put("credentials", "exchange");
        options.put("exchange.retry", "5s");
        options.put("exchange.channels", List.of(BOOK, "trades.BTC-PERPETUAL.raw"));
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        client = sim.add(new Schedule.ClientPlan("c", options, true, false));
        history = sim.checker.history("c");
        sim.environment.runFor(Duration.ofSeconds(5));
        assertThat(history.phase()).isEqualTo(Phase.READY);
    }

    private void rotates() {
        long before = history.current();
        client.rotate();
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(history.current()).as("has taken over").isEqualTo(before + 1);
    }

    private List<String> gaps() {
        return sim.checker.timeline().stream()
                .filter(line -> line.contains("is told Gap"))
                .toList();
    }

    /** The peer ends the connection, so that the checker compares everything it had sent with what the listener was told. */
    private void isComplete() {
        history.peer().orElseThrow().cut();
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(sim.checker.timeline()).anyMatch(line -> line.contains("is told Interrupted"));
        assertThat(sim.checker.violations).isEmpty();
    }

    @Test
    void ofABookThatIsGivenBackWhileItsMessagesAreKeptBack() {
        // It brings nothing more, and the new connection's changes wait for it.
        history.peer().orElseThrow().goHalfOpen();
        sim.environment.runFor(Duration.ofSeconds(1));
        rotates();
        assertThat(gaps()).isEmpty();
        client.wants(BOOK, false);
        sim.environment.runFor(Duration.ofSeconds(1));
        assertThat(gaps()).singleElement().asString().contains(BOOK);
        isComplete();
    }

    @Test
    void ofABookThatTheNewConnectionIsNotGivenAtFirst() {
        sim.servers.get(Simulation.HOST_A).leftOut.add(BOOK);
        rotates();
        sim.servers.get(Simulation.HOST_A).leftOut.clear();
        // A feed stops without subscribers: this is the change that is missed.
        sim.environment.runFor(Duration.ofSeconds(1));
        sim.servers.get(Simulation.HOST_A).feed(BOOK).publish();
        assertThat(gaps()).isEmpty();
        sim.environment.runFor(Duration.ofSeconds(10));
        assertThat(gaps()).singleElement().asString().contains(BOOK);
        isComplete();
    }
}
