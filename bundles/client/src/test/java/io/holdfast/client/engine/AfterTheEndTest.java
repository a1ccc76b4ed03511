// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientClosedException;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every thread has ended, of clients that have not: whoever asks something of one is answered all the same. */
class AfterTheEndTest {
    private final Rig rig = new Rig();
    private final List<Child> children = new ArrayList<>();
    private final WebSocketClient client =
            new OwnedClients(rig.clients, Optional.of("g"), children::add, c -> {}).open(options(), m -> {});

    private static ClientOptions options() {
        return ClientOptions.uri("ws://127.0.0.1:1/")
                .id("one")
                .exchange("nobody", Map.of())
                .build();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aCallFails() {
        rig.environment.close();
        assertThatThrownBy(() -> get(client.exchange().orElseThrow().call(Call.of("get", ""))))
                .cause()
                .isInstanceOfSatisfying(
                        CallFailedException.class,
                        e -> assertThat(e).hasMessage("client one, get: the client has ended"));
    }

    @Test
    void theEndIsTheEnd() throws Exception {
        rig.environment.close();
        get(client.close());
        assertThatThrownBy(() -> get(client.opened())).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void itsOwnerGoes() throws Exception {
        rig.environment.close();
        for (ManagedClient each : rig.clients.all()) {
            get(each.end(Cause.of(Cause.Kind.OWNER_GONE, "gone")));
        }
        assertThatThrownBy(() -> get(client.opened())).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void aClientThatBeginsTooLate() {
        rig.environment.close();
        WebSocketClient late = rig.unsupervised.open(
                ClientOptions.uri("ws://127.0.0.1:1/").id("two").build(), m -> {});
        assertThatThrownBy(() -> get(late.opened())).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void whatAWriteCameToIsTold() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        rig.environment.close();
        Publishing.complete(rig.environment, () -> written.complete(null));
        assertThat(written).isCompleted();
    }

    @Test
    void itsSupervisorIsAnswered() throws Exception {
        rig.environment.close();
        Owner owner = new Owner("me");
        assertThat(get(children.get(0).start(owner, 1))).isInstanceOf(StartResult.Failed.class);
        get(children.get(0).stop(owner, new ExitReason(ExitReason.Kind.SHUTDOWN, "test"), Duration.ofSeconds(1)));
    }
}
