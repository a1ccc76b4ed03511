// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.client.exchange.SessionEffect.AskChannels;
import io.holdfast.client.exchange.SessionEffect.AskSteps;
import io.holdfast.client.exchange.SessionEffect.End;
import io.holdfast.client.exchange.SessionEffect.Failed;
import io.holdfast.client.exchange.SessionEffect.Send;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The log-in of a session: lost, renewed, or not there at all. */
class SessionCoreTest {
    private static final long SECOND = 1_000_000_000L;
    private static final SessionStep LOG_IN = new SessionStep(SetupStep.LOG_IN, "log-in", Call.of("auth", ""), true);

    private final Subscriptions subscriptions = new Subscriptions(3, 1_000, Duration.ofSeconds(10), Integer.MAX_VALUE);
    private final SessionCore core = new SessionCore(
            CallsTest.profile(), new Credits(CallsTest.profile(), 0), subscriptions, this::id, words -> words);
    private final List<SessionEffect> effects = new ArrayList<>();
    private long ids;
    private long now;

    private String id() {
        return "" + ++ids;
    }

    private void carryOut(List<SessionEffect> first) {
        effects.addAll(first);
        for (List<SessionEffect> some = core.proceed(now); !some.isEmpty(); some = core.proceed(now)) {
            effects.addAll(some);
        }
    }

    private <E> List<E> seen(Class<E> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private String lastSent() {
        List<Send> sends = seen(Send.class);
        return sends.get(sends.size() - 1).id();
    }

    private void answer(String id, Failure... failure) {
        carryOut(core.inbound(
                new Answer(id, "", List.of(), List.of(failure).stream().findFirst()), now));
    }

    private static Failure unauthorized() {
        return Failure.of("13009", "unauthorized", Act.LOG_IN);
    }

    private void begins(SessionStep... steps) {
        carryOut(core.steps(List.of(steps), null, now));
        carryOut(core.heartbeatDone(now));
        if (steps.length > 0) {
            answer(lastSent());
        }
        assertThat(core.takesChannels()).isTrue();
    }

    private void logsInAgain() {
        carryOut(core.steps(List.of(LOG_IN), null, now));
        answer(lastSent());
        assertThat(core.loggedIn()).isTrue();
    }

    /** @return its id */
    private String calls() {
        carryOut(core.call(Call.of("get", ""), new CompletableFuture<>(), now));
        return lastSent();
    }

    @Test
    @DisplayName("without a log-in a call that needs one fails, and costs nothing else")
    void aCallWithoutALogIn() {
        begins();
        for (int i = 0; i < 3; i++) {
            answer(calls(), unauthorized());
        }
        assertThat(seen(Failed.class)).hasSize(3).allSatisfy(f -> {
            assertThat(f.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(f.message()).contains("13009 unauthorized");
        });
        assertThat(seen(AskSteps.class)).isEmpty();
        assertThat(seen(End.class)).isEmpty();
    }

    @Test
    @DisplayName(
            "without a log-in a channel that needs one is refused like any other, and what the server says is told")
    void aChannelWithoutALogIn() {
        subscriptions.want(new ChannelSpec("a", 600, false, Optional.empty(), Duration.ZERO), now);
        begins();
        for (int i = 0; i < 2; i++) {
            AskChannels asked = seen(AskChannels.class).get(i);
            carryOut(core.asked(asked.batch(), Call.of("subscribe", ""), now));
            answer(lastSent(), unauthorized());
            assertThat(subscriptions.state("a")).isEqualTo(State.REFUSED);
            assertThat(seen(AskChannels.class))
                    .as("not before a while has passed")
                    .hasSize(i + 1);
            now += 10 * SECOND;
            carryOut(List.of());
        }
        carryOut(core.inbound(new Event(Event.Kind.LOGGED_OUT, List.of(), Optional.empty()), now));
        carryOut(core.inbound(new Event(Event.Kind.FAILED, List.of(), Optional.of(unauthorized())), now));
        assertThat(seen(SessionEffect.Alarm.class)).hasSize(2);
        assertThat(seen(AskSteps.class)).isEmpty();
        assertThat(seen(End.class)).isEmpty();
    }

    @Test
    @DisplayName("what was sent before another log-in held says nothing of that log-in")
    void answersThatComeLate() {
        begins(LOG_IN);
        List<String> ids = List.of(calls(), calls(), calls());
        answer(ids.get(0), unauthorized());
        assertThat(seen(AskSteps.class)).hasSize(1);
        String between = calls();
        logsInAgain();
        answer(ids.get(1), unauthorized());
        answer(ids.get(2), unauthorized());
        answer(between, unauthorized());
        assertThat(seen(Failed.class)).hasSize(4);
        assertThat(seen(AskSteps.class)).hasSize(1);
        assertThat(seen(End.class)).isEmpty();
        answer(calls(), unauthorized());
        assertThat(seen(End.class)).as("lost twice").hasSize(1);
    }
}
