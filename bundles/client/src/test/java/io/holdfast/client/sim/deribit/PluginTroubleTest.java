// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.client.sim.QuietLogs;
import io.holdfast.exchange.deribit.DeribitExchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** One client whose exchange plugin is away, or fails, when it is needed. */
@ExtendWith(QuietLogs.class)
class PluginTroubleTest {
    private static final String[] CHANNELS = {"book.BTC-PERPETUAL.100ms", "user.orders.BTC-PERPETUAL.raw"};

    private final NoticingExchange exchange = new NoticingExchange(Duration.ZERO);
    private final FeedListener user = new FeedListener();
    private DeribitProcess process;
    private WebSocketClient client;

    private void open(ExchangeFactory plugin, ClientOptions.Builder options) {
        process = new DeribitProcess(9, plugin);
        process.deribit.mostOpen = 2;
        process.deribit.expiresIn = 100;
        client = process.open(options, user, user);
    }

    private void end() {
        process.end();
        assertThat(process.environment.pendingTimers()).isZero();
        assertThat(process.deribit.open).isEmpty();
    }

    @Test
    @DisplayName("the plugin is away until both connections wait for it: it comes, and both go on")
    void bothWaitForThePlugin() {
        ExchangeFactory plugin = new DeribitExchange();
        open(plugin, DeribitProcess.options(CHANNELS).option("exchange.wait", "10m"));
        process.seconds(75);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        DeribitPeer old = process.deribit.current();
        process.services.exchanges().remove(plugin);
        // An answer would wait for the plugin; the log-in that is not answered is to be made anew, which asks it.
        process.deribit.unanswered = Optional.of("public/auth");
        client.rotate();
        process.seconds(60);
        assertThat(old.methods.stream().filter("public/auth"::equals))
                .as("it was refreshed")
                .hasSize(2);
        assertThat(client.exchange().orElseThrow().loggedIn()).isFalse();
        assertThat(process.deribit.open).hasSize(2);
        process.deribit.unanswered = Optional.empty();
        process.services.exchanges().add(plugin, "deribit", "again", 0);
        process.seconds(60);
        assertThat(user.count(Type.ROTATED)).isEqualTo(1);
        assertThat(user.count(Type.LOST)).isZero();
        assertThat(client.exchange().orElseThrow().loggedIn()).isTrue();
        assertThat(process.deribit.open).hasSize(1);
        end();
    }

    @Test
    @DisplayName("a plugin that fails when it is asked what the channels are is asked again")
    void aFaultCostsNoChannel() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onChannel = name -> {
            if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("not yet");
            }
        };
        open(exchange, DeribitProcess.options(CHANNELS[0]));
        process.seconds(10);
        assertThat(asked).hasValue(2);
        assertThat(process.deribit.current().subscribed).containsExactly(CHANNELS[0]);
        end();
    }

    private long logIns() {
        return process.deribit.current().methods.stream()
                .filter("public/auth"::equals)
                .count();
    }

    @Test
    @DisplayName(
            "a plugin that fails when it is asked how a log-in is renewed is asked again; the time counts from the log-in")
    void aFaultCostsNoRenewal() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onRenewal = () -> {
            if (asked.getAndIncrement() < 2) {
                throw new IllegalStateException("not yet");
            }
        };
        open(exchange, DeribitProcess.options(CHANNELS));
        process.seconds(79);
        assertThat(logIns()).isEqualTo(1);
        process.seconds(3);
        assertThat(logIns()).as("at 80 % of its life").isEqualTo(2);
        process.seconds(80);
        assertThat(logIns()).isEqualTo(3);
        assertThat(user.count(Type.LOST)).isZero();
        end();
    }

    @Test
    @DisplayName("a plugin that refuses to say how a log-in is renewed is asked again, less and less often")
    void aRefusalIsNotAskedForWithoutEnd() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onRenewal = () -> {
            asked.incrementAndGet();
            throw new IllegalArgumentException("never");
        };
        open(exchange, DeribitProcess.options(CHANNELS));
        process.run(Duration.ofHours(1));
        assertThat(asked).as("of two steps").hasValueBetween(100, 140);
        client.close();
        process.seconds(1);
        end();
    }

    @Test
    @DisplayName("however often a plugin fails when it is asked how a log-in is renewed, it is asked everything else")
    void failedRenewalsCostNothingElse() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onRenewal = () -> {
            if (asked.getAndIncrement() < 8) {
                throw new IllegalStateException("not yet");
            }
        };
        open(exchange, DeribitProcess.options(CHANNELS));
        process.seconds(30);
        assertThat(asked).as("of two steps").hasValue(10);
        assertThat(client.health().findings().toString()).contains("not yet").doesNotContain("quarantined");
        CompletableFuture<Answer> call = client.exchange()
                .orElseThrow()
                .call(Call.of("public/get_time", "{}"))
                .toCompletableFuture();
        process.seconds(2);
        assertThat(call).isCompleted();
        process.seconds(50);
        assertThat(logIns()).as("at 80 % of its life").isEqualTo(2);
        end();
    }

    @Test
    @DisplayName("a plugin that hangs when it is asked how a log-in is renewed costs three threads and not more")
    void hungRenewalsEndTheQuestions() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onRenewal = () -> {
            asked.incrementAndGet();
            process.environment.hang(Duration.ofSeconds(1));
        };
        List<String> warnings = warnings(() -> {
            open(exchange, DeribitProcess.options(CHANNELS));
            process.seconds(60);
        });
        assertThat(asked).hasValue(3);
        assertThat(client.health().findings().toString()).contains("quarantined after 3 faults: ");
        assertThat(warnings)
                .anyMatch(w -> w.endsWith("the exchange plugin is quarantined"))
                .noneMatch(w -> w.contains("left"));
        end();
    }

    @Test
    @DisplayName("that a log-in's renewal is not to be had is said once, and nobody is asked while nobody is there")
    void theSameIsNotSaidForHours() {
        exchange.onRenewal = () -> {
            throw new IllegalArgumentException("never");
        };
        open(exchange, DeribitProcess.options(CHANNELS));
        List<String> refused = warnings(() -> process.run(Duration.ofHours(1)));
        assertThat(refused).containsExactly("Client c: never");
        List<String> away = warnings(() -> {
            process.services.exchanges().remove(exchange);
            process.run(Duration.ofHours(1));
        });
        assertThat(away).containsExactly("Client c: exchange plugin: the plugin left");
        end();
    }

    private static List<String> warnings(Runnable during) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.holdfast.client.engine.ExchangeSide");
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(seen);
        try {
            during.run();
        } finally {
            logger.detachAppender(seen);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        return seen.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    @DisplayName(
            "a plugin that goes before it said how a log-in is renewed: its successor is asked as soon as it comes")
    void theSuccessorIsAsked() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onRenewal = () -> {
            asked.incrementAndGet();
            throw new IllegalStateException("not this one");
        };
        open(exchange, DeribitProcess.options(CHANNELS));
        process.run(Duration.ofMillis(900));
        assertThat(asked).as("once for each step").hasValue(2);
        process.services.exchanges().remove(exchange);
        process.seconds(59);
        assertThat(logIns()).isEqualTo(1);
        process.services.exchanges().add(new NoticingExchange(Duration.ZERO), "deribit", "next", 0);
        process.seconds(22);
        assertThat(logIns()).isEqualTo(2);
        process.seconds(80);
        assertThat(logIns()).isEqualTo(3);
        assertThat(user.count(Type.LOST)).isZero();
        end();
    }

    @Test
    @DisplayName(
            "a plugin that fails whenever it is asked what the channels are is put out of use, however well it decodes")
    void aFunctionThatAlwaysFailsCountsByItself() {
        AtomicInteger asked = new AtomicInteger();
        exchange.onChannel = name -> {
            asked.getAndIncrement();
            throw new IllegalStateException("never");
        };
        open(exchange, DeribitProcess.options(CHANNELS[0]));
        for (int i = 0; i < 200; i++) {
            process.run(Duration.ofMillis(100));
            client.exchange().orElseThrow().call(Call.of("public/get_time", "{}"));
        }
        assertThat(asked).hasValue(3);
        assertThat(client.health().findings().toString()).contains("quarantined after 3 faults: ");
        process.services.exchanges().add(new DeribitExchange(), "deribit", "better", 1);
        process.seconds(10);
        assertThat(process.deribit.current().subscribed).containsExactly(CHANNELS[0]);
        end();
    }

    @Test
    @DisplayName("a plugin that is put out of use stays so, although it was to be opened once more")
    void theRetryDoesNotOutliveTheQuarantine() {
        AtomicInteger opened = new AtomicInteger();
        open(exchange, DeribitProcess.options(CHANNELS[0]));
        process.seconds(10);
        exchange.onOpen = () -> {
            opened.incrementAndGet();
            throw new IllegalStateException("not now");
        };
        process.reconfigure(
                "c",
                DeribitProcess.options(CHANNELS[0])
                        .exchange("deribit", Map.of("auth", "client_credentials", "cancel.on.disconnect", "account")));
        process.run(Duration.ofMillis(10));
        assertThat(opened).hasValue(1);
        exchange.onOpen = opened::incrementAndGet;
        exchange.onDecode = frame -> {
            throw new IllegalStateException("never");
        };
        for (int i = 0; i < 2; i++) {
            client.exchange().orElseThrow().call(Call.of("public/get_time", "{}"));
        }
        process.run(Duration.ofMillis(500));
        assertThat(client.health().findings().toString()).contains("quarantined after 3 faults: ");
        process.seconds(10);
        assertThat(opened).hasValue(1);
        assertThat(client.health().findings().toString()).contains("quarantined after 3 faults: ");
        end();
    }

    @Test
    @DisplayName("a client that ends before its plugin is asked for its channels again leaves no timer")
    void theEndComesBeforeTheNextQuestion() {
        exchange.onChannel = name -> {
            throw new IllegalStateException("never");
        };
        open(exchange, DeribitProcess.options(CHANNELS[0]));
        process.run(Duration.ofMillis(100));
        client.close();
        process.run(Duration.ofMillis(100));
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        end();
    }
}
