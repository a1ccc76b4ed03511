// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process, or what reads in it, stands still between a step of a session's set-up and its answer. */
@ExtendWith(QuietLogs.class)
class SetupPauseTest {
    private static final String HELLO = "public/hello";

    /** The first step has been sent then, and its answer is still under way. */
    private static final long SENT = Duration.ofMillis(3).toNanos();

    private Simulation sim = simulation(new Sabotage());

    private static Simulation simulation(Sabotage sabotage) {
        return new Simulation(11, Duration.ofSeconds(1), sabotage);
    }

    private void setsUp(Runnable inTheMiddle) {
        Map<String, Object> options = new LinkedHashMap<>(OutageTest.defaults());
        options.remove("supervisor.group");
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_credentials");
        options.put("credentials", "exchange");
        options.put("exchange.channels", List.of("book.BTC-PERPETUAL.raw"));
        options.put("exchange.limit", "5s");
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        boolean[] first = {true};
        sim.checker.next = (id, before, input, after) -> {
            if (first[0] && after == Phase.SETTING_UP) {
                first[0] = false;
                sim.environment.world(SENT, inTheMiddle);
            }
        };
        sim.add(new Schedule.ClientPlan("c", options, true, false));
        sim.environment.runFor(Duration.ofMinutes(7));
        sim.checker.check();
    }

    private ClientHistory history() {
        return sim.checker.history("c");
    }

    private SimulatedServer server() {
        return sim.servers.get(Simulation.HOST_A);
    }

    private void isReadyOn(long connection) {
        assertThat(history().phase()).isEqualTo(Phase.READY);
        assertThat(history().current()).isEqualTo(connection);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 20, 300})
    void theAnswerThatCameMeanwhileIsReadFirst(long seconds) {
        setsUp(() -> sim.pause(Duration.ofSeconds(seconds)));
        isReadyOn(1);
        assertThat(sim.checker.violations).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 20, 300})
    void theAnswerThatNeverComesIsNotWaitedFor(long seconds) {
        server().lostAnswers.add(HELLO);
        setsUp(() -> sim.pause(Duration.ofSeconds(seconds)));
        isReadyOn(2);
        assertThat(sim.checker.violations).isEmpty();
    }

    @Test
    void theRefusalThatCameMeanwhileIsObeyed() {
        server().errors.put(HELLO, 11050);
        setsUp(() -> sim.pause(Duration.ofMinutes(5)));
        isReadyOn(2);
        assertThat(sim.checker.violations).isEmpty();
    }

    @Test
    void aRequestThatWasLostExplainsNothingElse() {
        server().lostAnswers.add(HELLO);
        boolean[] looked = {false};
        setsUp(() -> {
            SimulatedSession session = history().peer().orElseThrow().session;
            assertThat(session.explains(Cause.of(Cause.Kind.SETUP, "step 'hello' not answered within 5000 ms")))
                    .isTrue();
            assertThat(session.explains(Cause.of(Cause.Kind.SETUP, "step 'hello' was refused: 11050")))
                    .isFalse();
            assertThat(session.explains(Cause.of(Cause.Kind.HEARTBEAT, "1 heartbeat not answered")))
                    .isFalse();
            looked[0] = true;
        });
        assertThat(looked[0]).isTrue();
    }

    @Test
    void aVerdictWithoutTheLastReadPassIsNoticed() {
        sim = simulation(new WithoutReadPass());
        setsUp(() -> sim.stall(Pool.SELECTOR, Duration.ofSeconds(20)));
        assertThat(sim.checker.violations).extracting(Checker.Violation::rule).contains(Rule.LIVING_PEER);
    }

    @Test
    void theSelectorAloneStandsStill() {
        setsUp(() -> sim.stall(Pool.SELECTOR, Duration.ofSeconds(20)));
        isReadyOn(1);
        assertThat(sim.checker.violations).isEmpty();
    }
}
