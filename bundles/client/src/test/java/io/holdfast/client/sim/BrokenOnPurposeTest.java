// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.sim.Checker.Violation;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each rule is broken once on purpose, and the same schedules that a sound engine passes must show it. */
@ExtendWith(QuietLogs.class)
class BrokenOnPurposeTest {
    private static final int SCHEDULES = 60;

    /** Runs schedules until one breaks the rule. */
    private static void isCaught(Rule rule, Sabotage sabotage) {
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            SimulationRun run = new SimulationRun(Schedule.of(seed), sabotage, false);
            if (run.run().stream().anyMatch(v -> v.rule() == rule)) {
                return;
            }
        }
        assertThat(rule)
                .as("broken, and not noticed in " + SCHEDULES + " schedules")
                .isNull();
    }

    @Test
    void anOldConnectionThatIsNotAborted() {
        isCaught(Rule.ONE_CONNECTION, new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                return new BrokenTransport(sound) {
                    @Override
                    TransportConnection connection(TransportConnection real) {
                        return new Calling(real) {
                            @Override
                            public void abort() {
                                // lost
                            }
                        };
                    }
                };
            }
        });
    }

    @Test
    void aConnectionNumberThatComesAgain() {
        isCaught(Rule.CURRENT_ONLY, observing(e -> e.connection() > 1 ? changed(e, e.number(), 1) : e));
    }

    @Test
    void aChannelWhoseNameIsAnotherOnTheWay() {
        isCaught(Rule.SUBSCRIPTIONS, new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                return new BrokenTransport(sound) {
                    @Override
                    TransportConnection connection(TransportConnection real) {
                        return new Calling(real) {
                            @Override
                            public void send(boolean text, ByteBuffer payload, SendCallback callback) {
                                String sent = UTF_8.decode(payload.duplicate()).toString();
                                String other = sent.replace("\"trades.BTC", "\"trades.ETH");
                                super.send(text, ByteBuffer.wrap(other.getBytes(UTF_8)), callback);
                            }
                        };
                    }
                };
            }
        });
    }

    @Test
    void anAnswerThatIsAnotherCalls() {
        isCaught(Rule.CALLS, new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                return new BrokenTransport(sound) {
                    @Override
                    TransportListener listener(TransportListener engine) {
                        return new Listening(engine) {
                            @Override
                            public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
                                String other =
                                        new String(payload.array(), UTF_8).replace("{\"number\":2}", "{\"number\":1}");
                                return super.onMessage(text, ByteBuffer.wrap(other.getBytes(UTF_8)), receivedNanos);
                            }
                        };
                    }
                };
            }
        });
    }

    @Test
    void anAddressThatIsUsedTwice() {
        isCaught(Rule.PREPARED, new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                Map<String, URI> first = new LinkedHashMap<>();
                return (request, listener) -> {
                    URI uri = request.uri();
                    ConnectRequest again = new ConnectRequest(
                            uri.getQuery() == null ? uri : first.computeIfAbsent(uri.getPath(), p -> uri),
                            request.headers(),
                            request.connectTimeout(),
                            request.connectTotal(),
                            request.writeTimeout(),
                            request.maxMessageBytes(),
                            request.tls());
                    return sound.connect(again, listener);
                };
            }
        });
    }

    @Test
    void anEndpointGroupThatIgnoresItsBudget() {
        isCaught(Rule.BUDGET, new Sabotage() {
            @Override
            void prepare(Simulation simulation) {
                Map<String, Object> generous = Map.of(
                        "host.patterns",
                        List.of(Simulation.HOST_A, Simulation.HOST_B),
                        "attempts",
                        "1000",
                        "window",
                        "1s");
                simulation.endpoints.configure("generous", EndpointGroupOptions.of(generous));
            }
        });
    }

    @Test
    void aClosingHandshakeWithoutItsLimit() {
        isCaught(Rule.STOP_WINS, losing(delay -> delay == Duration.ofSeconds(5).toNanos()));
    }

    @Test
    void aQueueBeyondItsBound() {
        isCaught(Rule.BOUNDED, new Sabotage() {
            @Override
            Map<String, Object> options(Map<String, Object> planned) {
                Map<String, Object> larger = new LinkedHashMap<>(planned);
                larger.put("overflow.max.messages", "5000");
                return larger;
            }
        });
    }

    @Test
    void aTimerThatCannotBeCancelled() {
        isCaught(Rule.NOTHING_LEFT, new Sabotage() {
            @Override
            Environment environment(VirtualEnvironment sound) {
                return new BrokenTimers(sound) {
                    @Override
                    public Cancellable schedule(long delayNanos, Runnable task) {
                        sound.schedule(delayNanos, task);
                        return () -> {};
                    }
                };
            }
        });
    }

    @Test
    void anEventThatIsLost() {
        isCaught(Rule.EVENTS, observing(e -> e.number() == 7 ? changed(e, 8, e.connection()) : e));
    }

    @Test
    void twoEventsThatAreSwapped() {
        isCaught(Rule.EVENTS, new Sabotage() {
            @Override
            ConnectionListener observer(ConnectionListener sound) {
                ConnectionEvent[] kept = new ConnectionEvent[1];
                return e -> {
                    if (e.number() == 5 && kept[0] == null) {
                        kept[0] = e;
                        return;
                    }
                    sound.onEvent(e);
                    if (kept[0] != null && kept[0].clientId().equals(e.clientId()) && e.number() == 6) {
                        sound.onEvent(kept[0]);
                    }
                };
            }
        });
    }

    @Test
    void aMessageThatComesTwice() {
        isCaught(
                Rule.CONTINUITY,
                receiving((engine, payload, now) ->
                        engine.onMessage(true, payload.duplicate(), now) & engine.onMessage(true, payload, now)));
    }

    @Test
    void aMessageThatIsLost() {
        isCaught(Rule.CONTINUITY, receiving((engine, payload, now) -> true));
    }

    @Test
    void twoMessagesThatAreSwapped() {
        Deque<ByteBuffer> kept = new ArrayDeque<>();
        isCaught(Rule.CONTINUITY, receiving((engine, payload, now) -> {
            if (kept.isEmpty()) {
                kept.add(payload);
                return true;
            }
            return engine.onMessage(true, payload, now) & engine.onMessage(true, kept.poll(), now);
        }));
    }

    @Test
    void aVerdictWithoutTheLastReadPass() {
        assertThat(silencedBySelector(new Sabotage())).isEmpty();
        assertThat(silencedBySelector(new WithoutReadPass()))
                .extracting(Violation::rule)
                .contains(Rule.LIVING_PEER);
    }

    /** The selector alone stands still for longer than the silence limit, so that nothing but the read pass tells the truth. */
    private static List<Violation> silencedBySelector(Sabotage sabotage) {
        Simulation sim = new Simulation(1, Duration.ofSeconds(1), sabotage);
        Map<String, Object> options = OutageTest.defaults();
        options.put("heartbeat.type", "generic");
        options.put("heartbeat.kind", "passive");
        options.put("heartbeat.silence", "12s");
        sim.add(new Schedule.ClientPlan("c", options, true, false));
        sim.environment.runFor(Duration.ofSeconds(20));
        sim.stall(Pool.SELECTOR, Duration.ofSeconds(20));
        sim.environment.runFor(Duration.ofSeconds(30));
        return sim.checker.violations;
    }

    @Test
    void aClockThatRunsThreeTimesTooFast() {
        isCaught(Rule.LIVING_PEER, new Sabotage() {
            @Override
            Environment environment(VirtualEnvironment sound) {
                return new BrokenTimers(sound) {
                    @Override
                    public long nanoTime() {
                        return VirtualEnvironment.ORIGIN + 3 * (sound.nanoTime() - VirtualEnvironment.ORIGIN);
                    }

                    @Override
                    public Cancellable schedule(long delayNanos, Runnable task) {
                        return sound.schedule(delayNanos / 3 + 1, task);
                    }
                };
            }
        });
    }

    @Test
    void aTimerThatIsLost() {
        int[] count = new int[1];
        isCaught(Rule.RECOVERY, losing(delay -> ++count[0] % 20 == 0));
    }

    // --- tools

    private interface Change {
        ConnectionEvent of(ConnectionEvent event);
    }

    private static Sabotage observing(Change change) {
        return new Sabotage() {
            @Override
            ConnectionListener observer(ConnectionListener sound) {
                return e -> sound.onEvent(change.of(e));
            }
        };
    }

    private static ConnectionEvent changed(ConnectionEvent e, long number, long connection) {
        return new ConnectionEvent(
                e.clientId(), number, e.incarnation(), connection, e.type(), e.cause(), e.delay(), e.attempt(), e.at());
    }

    private interface Loses {
        boolean timer(long delayNanos);
    }

    private static Sabotage losing(Loses loses) {
        return new Sabotage() {
            @Override
            Environment environment(VirtualEnvironment sound) {
                return new BrokenTimers(sound) {
                    @Override
                    public Cancellable schedule(long delayNanos, Runnable task) {
                        return loses.timer(delayNanos) ? () -> {} : sound.schedule(delayNanos, task);
                    }
                };
            }
        };
    }

    private interface Receiving {
        boolean message(TransportListener engine, ByteBuffer payload, long receivedNanos);
    }

    /** Every eleventh message for listeners is treated like that. */
    private static Sabotage receiving(Receiving receiving) {
        int[] count = new int[1];
        return new Sabotage() {
            @Override
            Transport transport(Transport sound, VirtualEnvironment environment) {
                return new BrokenTransport(sound) {
                    @Override
                    TransportListener listener(TransportListener engine) {
                        return new Listening(engine) {
                            @Override
                            public boolean onMessage(boolean text, ByteBuffer payload, long receivedNanos) {
                                boolean data = new String(payload.array(), UTF_8).contains("\"channel\":\"numbers\"");
                                return data && ++count[0] % 11 == 0
                                        ? receiving.message(engine, payload, receivedNanos)
                                        : super.onMessage(text, payload, receivedNanos);
                            }
                        };
                    }
                };
            }
        };
    }
}
