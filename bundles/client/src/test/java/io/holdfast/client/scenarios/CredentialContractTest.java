// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.scenarios;

import static io.holdfast.client.scenarios.House.LIMIT;
import static io.holdfast.client.scenarios.House.quick;
import static io.holdfast.client.scenarios.House.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.transport.Secret;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.Upgrade;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Secrets go to the server and nowhere else. */
class CredentialContractTest {
    private static final String CANARY = "canary-7f3a";

    private final Simulator simulator =
            Simulator.start(SimulatorOptions.builder().rate(0).build());
    private final House house = new House();
    private final Seen seen = new Seen();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.holdfast");
    private final Level before = ours.getLevel();
    private final Log log = new Log();

    /** Everything logged, at every level, as text. */
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            String thrown =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getFormattedMessage() + thrown);
        }
    }

    @BeforeEach
    void listenToTheLog() {
        ours.setLevel(Level.TRACE);
        ours.setAdditive(false);
        log.setContext(ours.getLoggerContext());
        log.start();
        ours.addAppender(log);
    }

    @AfterEach
    void stop() {
        ours.detachAppender(log);
        ours.setAdditive(true);
        ours.setLevel(before);
        house.close();
        simulator.close();
    }

    private ClientOptions.Builder options() {
        return quick(simulator.uri("/generic/x?token=" + CANARY))
                .id("secretive")
                .credentials("main");
    }

    /** Nothing a user can look at holds the canary. */
    private void assertHidden(WebSocketClient client, ClientOptions options) {
        assertThat(log.lines).isNotEmpty().noneMatch(l -> l.contains(CANARY));
        assertThat(seen.events()).isNotEmpty().noneMatch(e -> e.toString().contains(CANARY));
        assertThat(seen.continuity()).noneMatch(c -> c.toString().contains(CANARY));
        assertThat(client.toString() + client.health() + client.metrics() + options + options.publicUri())
                .doesNotContain(CANARY);
    }

    @Test
    @DisplayName("credentials are asked for at each connect and sent as headers; they show up nowhere else")
    void credentialsGoToTheServerOnly() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        house.services.credentials().add(name -> {
            assertThat(name).isEqualTo("main");
            return Map.of(
                    "header.Authorization", Secret.of(("Bearer " + CANARY + asked.incrementAndGet()).toCharArray()),
                    "header.X-Key", Secret.of(CANARY.toCharArray()));
        });
        ClientOptions.Builder options = options();
        WebSocketClient client = house.ready(options, seen);
        simulator.faults().reset();
        simulator.awaitOpenAfter(1, LIMIT);
        seen.await(Type.READY, 2);

        assertThat(simulator.session(1).orElseThrow().request().header("authorization"))
                .contains("Bearer " + CANARY + "1");
        assertThat(simulator.session(2).orElseThrow().request().header("authorization"))
                .contains("Bearer " + CANARY + "2");
        assertThat(simulator.session(2).orElseThrow().request().header("x-key")).contains(CANARY);
        simulator.faults().upgrades(1, Upgrade.refuse(401));
        simulator.faults().reset();
        seen.await(Type.CLOSED);
        assertThat(seen.cause(Type.EXITED).kind()).isEqualTo(Cause.Kind.REFUSED);
        until(
                "the last word",
                () -> seen.continuity()
                        .get(seen.continuity().size() - 1)
                        .toString()
                        .startsWith("Left"));
        assertHidden(client, options.build());
    }

    @Test
    @DisplayName(
            "a source that throws, knows nothing or gives what cannot be sent makes the attempt fail, not the client")
    void aFailingSourceFailsTheAttempt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        house.services.credentials().add(name -> switch (asked.incrementAndGet()) {
            case 1 -> throw new IllegalArgumentException("knows nothing of " + CANARY);
            case 2 -> throw new IllegalStateException(CANARY);
            case 3 -> throw new LinkageError(CANARY);
            case 4 -> Map.of("header.X-Key", Secret.of((CANARY + "\r\nHost: other").toCharArray()));
            case 5 -> Map.of("header.Upgrade", Secret.of(CANARY.toCharArray()));
            default -> Map.of("header.X-Key", Secret.of(CANARY.toCharArray()));
        });
        ClientOptions.Builder options = options();
        WebSocketClient client = house.ready(options, seen);

        assertThat(seen.events(Type.CONNECT_FAILED)).hasSize(5);
        assertThat(seen.events(Type.CONNECT_FAILED).subList(0, 3))
                .allSatisfy(e -> assertThat(e.cause().orElseThrow().message()).contains("credentials 'main'"));
        assertThat(seen.events(Type.CONNECT_FAILED).get(3).cause().orElseThrow().message())
                .contains("X-Key");
        assertThat(seen.events(Type.CONNECT_FAILED).get(4).cause().orElseThrow().message())
                .contains("Upgrade");
        assertThat(simulator.accepts()).isEqualTo(1);
        assertThat(simulator.session(1).orElseThrow().request().header("x-key")).contains(CANARY);
        assertHidden(client, options.build());
    }
}
