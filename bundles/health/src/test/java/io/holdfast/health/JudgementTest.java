// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.ChildStatus.State;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {
    private static ClientHealth health(Status status, String... findings) {
        HeartbeatHealth heartbeat =
                new HeartbeatHealth("deribit", true, false, Optional.empty(), Optional.empty(), 0, 0);
        return new ClientHealth(status, List.of(findings), heartbeat, Optional.of(Cause.of(Cause.Kind.LOST, "reset")));
    }

    private static Optional<Judgement.Supervised> child(State state) {
        ChildStatus child = new ChildStatus("a", state, 3, 2, "LOST: reset");
        return Judgement.Supervised.find(new GroupStatus("trading", true, "", "", 10, 60_000, List.of(child), 1), "a");
    }

    @ParameterizedTest
    @CsvSource({
        // client's state, client's own health, what the group says of it, result
        "READY,   OK,                      RUNNING,    OK",
        "READY,   WARN,                    RUNNING,    WARN",
        "BACKOFF, TEMPORARILY_UNAVAILABLE, RUNNING,    TEMPORARILY_UNAVAILABLE",
        "EXITED,  CRITICAL,                RUNNING,    TEMPORARILY_UNAVAILABLE",
        "EXITED,  CRITICAL,                RESTARTING, TEMPORARILY_UNAVAILABLE",
        "EXITED,  CRITICAL,                GIVEN_UP,   CRITICAL",
        "WAITING, TEMPORARILY_UNAVAILABLE, GIVEN_UP,   CRITICAL",
        "EXITED,  CRITICAL,                STOPPED,    CRITICAL",
        "WAITING, TEMPORARILY_UNAVAILABLE, STOPPED,    WARN",
        "READY,   CRITICAL,                RUNNING,    CRITICAL",
    })
    void whatTheClientAndItsGroupSayTogether(ClientState state, Status own, State child, Status result) {
        assertThat(Judgement.client(state, health(own, "finding"), child(child)).status())
                .isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"READY, OK", "BACKOFF, TEMPORARILY_UNAVAILABLE", "EXITED, CRITICAL"})
    void aloneItsOwnHealthCounts(ClientState state, Status own) {
        assertThat(Judgement.client(state, health(own), Optional.empty()).status())
                .isEqualTo(own);
    }

    @Test
    void saysWhy() {
        assertThat(Judgement.client(ClientState.READY, health(Status.OK), Optional.empty())
                        .text())
                .isEqualTo("READY");
        assertThat(Judgement.client(ClientState.READY, health(Status.WARN, "a", "b"), Optional.empty())
                        .text())
                .isEqualTo("READY: a; b");
        assertThat(Judgement.client(
                                ClientState.BACKOFF,
                                health(Status.TEMPORARILY_UNAVAILABLE, "not ready"),
                                Optional.empty())
                        .text())
                .isEqualTo("BACKOFF: not ready; last cause LOST: reset");
        assertThat(Judgement.client(ClientState.EXITED, health(Status.CRITICAL), child(State.GIVEN_UP))
                        .text())
                .isEqualTo("given up, 2 of 10 restarts in 60 s; last cause LOST: reset");
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, OK", "RESTARTING, TEMPORARILY_UNAVAILABLE", "STOPPED, WARN", "GIVEN_UP, CRITICAL"})
    void aChildThatIsNoClient(State state, Status result) {
        assertThat(Judgement.child(child(state).orElseThrow()).status()).isEqualTo(result);
    }

    @Test
    void foreignTextCannotForgeLines() {
        assertThat(Results.text("a\nCRITICAL \u001b[2Jb")).isEqualTo("a\\u000aCRITICAL \\u001b[2Jb");
        assertThat(Results.text("x".repeat(2000))).hasSize(515).endsWith("...");
    }
}
