// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ClientState;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What happens to sessions: at the server, to single channels, and by orders of the user. */
final class SessionFaults {
    private static final String BOOK = "book.BTC-PERPETUAL.raw";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";
    static final String CALL = "private/get_positions";
    private static final List<String> METHODS =
            List.of("public/hello", "public/auth", "public/subscribe", "private/subscribe", "public/unsubscribe", CALL);

    /** Not 12003, after which nobody connects for longer than a run waits for recovery. */
    private static final int[] CODES = {10028, 10028, 10028, 10040, 10041, 10047, 11050, 13004, 13028, 13888, -32602};

    private final Simulation sim;

    SessionFaults(Simulation sim) {
        this.sim = sim;
    }

    void apply(Fault fault, SplittableRandom random) {
        SimulatedServer server = sim.servers.get(random.nextBoolean() ? Simulation.HOST_A : Simulation.HOST_B);
        String method = METHODS.get(random.nextInt(METHODS.size()));
        String channel = Schedule.CHANNELS.get(random.nextInt(Schedule.CHANNELS.size()));
        switch (fault) {
            case SESSION_ERROR -> {
                boolean ready = random.nextInt(3) == 0;
                server.errors.put(ready ? CALL : method, ready ? 10028 : CODES[random.nextInt(CODES.length)]);
                if (ready) {
                    calls();
                } else {
                    provoke(random);
                }
            }
            case REQUEST_LOST -> {
                server.lostAnswers.add(method);
                provoke(random);
            }
            case LOG_IN_LOST -> each(SimulatedSession::forgetLogIn);
            case CHANNEL_GAP -> each(s -> s.loseOne(BOOK));
            case CHANNEL_SILENT -> each(s -> s.silence(TRADES));
            case CHANNEL_LEFT_OUT -> {
                server.leftOut.add(channel);
                sim.environment.world(
                        Duration.ofSeconds(1 + random.nextInt(60)).toNanos(), () -> server.leftOut.remove(channel));
                provoke(random);
            }
            case OTHER_CHANNELS ->
                sim.all.values().stream()
                        .filter(SessionFaults::alive)
                        .forEach(c -> c.wants(channel, random.nextBoolean()));
            default -> {
                int calls = 1 + random.nextInt(40);
                sim.all.values().stream().filter(SessionFaults::alive).forEach(c -> {
                    for (int i = 0; i < calls; i++) {
                        c.call();
                    }
                });
            }
        }
        if (fault == Fault.LOG_IN_LOST) {
            // Nobody is told of it but who calls.
            calls();
        }
    }

    /** Makes it likely that the functions of the plugin are called. */
    void use(SplittableRandom random) {
        provoke(random);
        String channel = Schedule.CHANNELS.get(random.nextInt(Schedule.CHANNELS.size()));
        boolean wanted = random.nextBoolean();
        sim.all.values().stream().filter(SessionFaults::alive).forEach(c -> c.wants(channel, wanted));
        calls();
    }

    /** Sometimes at once, sometimes whenever the session comes to it. */
    private void provoke(SplittableRandom random) {
        if (random.nextBoolean()) {
            sim.servers.values().forEach(s -> List.copyOf(s.peers).forEach(SimulatedPeer::cut));
        }
    }

    private void each(Consumer<SimulatedSession> blow) {
        sim.servers
                .values()
                .forEach(s -> List.copyOf(s.peers).forEach(p -> {
                    p.troubled();
                    blow.accept(p.session);
                }));
    }

    private void calls() {
        sim.all.values().stream().filter(SessionFaults::alive).forEach(SimulatedClient::call);
    }

    private static boolean alive(SimulatedClient client) {
        return client.session() && client.handle.state() != ClientState.CLOSED;
    }

    void heal() {
        sim.servers.values().forEach(s -> {
            s.errors.clear();
            s.lostAnswers.clear();
            s.leftOut.clear();
        });
        calls();
    }
}
