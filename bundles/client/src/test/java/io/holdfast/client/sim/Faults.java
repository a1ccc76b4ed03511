// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.client.core.Phase;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.sim.SimulatedServer.Door;
import io.holdfast.client.sim.VirtualEnvironment.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Carries out the steps of a schedule, and undoes what lasts. */
final class Faults {
    private static final String SHARED = "shared";
    private static final int[] CLOSE_CODES = {
        1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1010, 1011, 1012, 1013, 1014, 4000
    };

    private final Simulation sim;
    private final Map<String, Ambush> ambushes = new HashMap<>();

    private record Ambush(Phase phase, Consumer<SimulatedClient> order) {}

    private final SessionFaults sessions;

    Faults(Simulation sim) {
        this.sim = sim;
        sessions = new SessionFaults(sim);
        sim.checker.next = (id, before, input, after) -> spring(id, before, after);
    }

    void apply(Schedule.Step step) {
        SplittableRandom random = new SplittableRandom(step.choice());
        sim.checker.note("*** ", step.fault());
        sim.checker.coverage.fault(step.fault().name());
        if (step.fault().door().isPresent()) {
            door(step.fault().door().get(), random);
            return;
        }
        switch (step.fault()) {
            case CUT, CLOSE_CODE, FATAL_CLOSE_CODE, PROTOCOL_BREACH, HALF_OPEN, WITHHELD_BEATS, STOPS_READING, BURST ->
                peers(step.fault(), random);
            case SESSION_ERROR,
                    REQUEST_LOST,
                    LOG_IN_LOST,
                    CHANNEL_GAP,
                    CHANNEL_SILENT,
                    CHANNEL_LEFT_OUT,
                    OTHER_CHANNELS,
                    CALLS -> sessions.apply(step.fault(), random);
            case CLOSE,
                    RECONNECT,
                    ROTATE,
                    TERMINATE,
                    RESTART,
                    RESET,
                    OPTIONS_LIVE,
                    OPTIONS_HEARTBEAT,
                    OPTIONS_RECONNECT -> order(step.fault(), random).accept(client(random));
            case LISTENER_THROWS, LISTENER_LEAVES, LISTENER_RETURNS, DIRECT_LISTENER_SLOW ->
                listener(step.fault(), random);
            case CLOSE_IN_PHASE -> ambush(Fault.CLOSE, random);
            case RECONNECT_IN_PHASE -> ambush(Fault.RECONNECT, random);
            case ROTATE_IN_PHASE -> ambush(Fault.ROTATE, random);
            case TERMINATE_IN_PHASE -> ambush(Fault.TERMINATE, random);
            case OPTIONS_IN_PHASE -> ambush(Fault.OPTIONS_RECONNECT, random);
            case FAULT_IN_ROTATION -> inRotation(client(random), random);
            case DEAD_IN_ROTATION -> deadInRotation(client(random), random);
            case PAUSE_IN_PHASE, CRASH_IN_PHASE -> ambush(step.fault(), random);
            default -> process(step.fault(), random);
        }
    }

    // --- the world

    private void door(Door door, SplittableRandom random) {
        SimulatedServer server = server(random);
        server.door = door;
        if (random.nextBoolean()) {
            List.copyOf(server.peers).forEach(SimulatedPeer::cut);
        }
        long span = Duration.ofMillis(1_000 + random.nextInt(random.nextInt(4) == 0 ? 200_000 : 20_000))
                .toNanos();
        sim.environment.world(span, () -> {
            if (server.door == door) {
                server.door = Door.OPEN;
            }
        });
    }

    private SimulatedServer server(SplittableRandom random) {
        return sim.servers.get(random.nextInt(3) == 0 ? Simulation.HOST_B : Simulation.HOST_A);
    }

    private void peers(Fault fault, SplittableRandom random) {
        List<SimulatedPeer> peers = new ArrayList<>();
        sim.servers.values().forEach(s -> peers.addAll(s.peers));
        if (peers.isEmpty()) {
            return;
        }
        boolean all = random.nextInt(3) == 0;
        List<SimulatedPeer> hit = all ? peers : List.of(peers.get(random.nextInt(peers.size())));
        for (SimulatedPeer peer : hit) {
            switch (fault) {
                case CUT -> peer.cut();
                case CLOSE_CODE -> peer.close(CLOSE_CODES[random.nextInt(CLOSE_CODES.length)], "closed");
                case FATAL_CLOSE_CODE -> peer.close(1008, "policy");
                case PROTOCOL_BREACH -> peer.violate(1002);
                case HALF_OPEN -> peer.goHalfOpen();
                case WITHHELD_BEATS -> {
                    peer.withholdBeats(true);
                    sim.environment.world(
                            Duration.ofSeconds(1 + random.nextInt(60)).toNanos(), () -> peer.withholdBeats(false));
                }
                case STOPS_READING -> {
                    peer.stopReading();
                    sim.environment.world(
                            Duration.ofSeconds(1 + random.nextInt(60)).toNanos(), peer::readAgain);
                }
                default -> peer.burst(20 + random.nextInt(200));
            }
        }
    }

    // --- orders

    private SimulatedClient client(SplittableRandom random) {
        List<SimulatedClient> clients = List.copyOf(sim.all.values());
        return clients.get(random.nextInt(clients.size()));
    }

    private Consumer<SimulatedClient> order(Fault fault, SplittableRandom random) {
        int number = random.nextInt(1_000_000);
        return switch (fault) {
            case CLOSE -> c -> close(c, number % 3 == 0);
            case RECONNECT -> SimulatedClient::reconnect;
            case ROTATE -> SimulatedClient::rotate;
            case TERMINATE -> c -> terminate(c, number % 4 > 0, Duration.ofMillis(100 + number % 30_000));
            case RESTART -> this::restart;
            case RESET -> c -> sim.supervision.group().ifPresent(g -> g.reset(c.id));
            case OPTIONS_LIVE -> c -> c.option("overflow.max.messages", "" + (8 + number % 60));
            case OPTIONS_HEARTBEAT -> c -> heartbeat(c, 10 + number % 3 * 5);
            case PAUSE_IN_PHASE -> c -> sim.pause(number % 2 == 0 ? Duration.ofSeconds(20) : Duration.ofMinutes(5));
            case CRASH_IN_PHASE -> c -> sim.checker.crash(c.id);
            default -> c -> reconnectOptions(c, number);
        };
    }

    private void heartbeat(SimulatedClient client, int seconds) {
        if (client.option("heartbeat.type") != null) {
            client.option("heartbeat.interval", seconds + "s");
        }
    }

    private void reconnectOptions(SimulatedClient client, int number) {
        if (number % 3 == 0) {
            client.option("uri", Simulation.uri(number % 2 == 0 ? Simulation.HOST_A : Simulation.HOST_B, client.id));
        } else {
            client.option("headers", List.of("X-Number: " + number));
        }
    }

    /** @param unheard whether the peer does not hear of it any more */
    private void close(SimulatedClient client, boolean unheard) {
        if (unheard) {
            sim.checker.history(client.id).peer().ifPresent(SimulatedPeer::goHalfOpen);
        }
        client.close();
    }

    private void terminate(SimulatedClient client, boolean again, Duration after) {
        sim.supervision.group().filter(g -> client.supervised()).ifPresent(g -> {
            client.terminated = true;
            client.terminations++;
            if (after.toMillis() % 3 == 0) {
                sim.checker.history(client.id).peer().ifPresent(SimulatedPeer::goHalfOpen);
            }
            g.terminateChild(client.id);
            if (again) {
                sim.environment.world(after.toNanos(), () -> restart(client));
            }
        });
    }

    private void restart(SimulatedClient client) {
        sim.supervision.group().filter(g -> client.supervised()).ifPresent(g -> {
            int before = client.terminations;
            g.restartChild(client.id).thenAccept(reply -> {
                if (client.terminations == before) {
                    client.terminated = stays(reply, client.terminated);
                }
            });
        });
    }

    /** A child whose start was not answered in time is stopped again, and stays so. */
    private static boolean stays(Supervisor.Reply reply, boolean terminated) {
        return switch (reply) {
            case OK, RUNNING -> false;
            case START_FAILED -> true;
            default -> terminated;
        };
    }

    /** The steps of a rotation are a few milliseconds apart, as the network's are. */
    private void inRotation(SimulatedClient client, SplittableRandom random) {
        List<SimulatedPeer> before = peersOf(client);
        client.rotate();
        Fault[] choice = {
            Fault.CUT,
            Fault.CUT,
            Fault.CUT,
            Fault.HALF_OPEN,
            Fault.CLOSE,
            Fault.RECONNECT,
            Fault.TERMINATE,
            Fault.OPTIONS_RECONNECT,
            Fault.CRASH_IN_PHASE,
            Fault.ROTATE
        };
        Fault fault = choice[random.nextInt(choice.length)];
        boolean old = random.nextBoolean();
        Consumer<SimulatedClient> order = fault == Fault.CUT || fault == Fault.HALF_OPEN
                ? c -> peersOf(c).stream()
                        .filter(p -> before.contains(p) == old)
                        .forEach(fault == Fault.CUT ? SimulatedPeer::cut : SimulatedPeer::goHalfOpen)
                : order(fault, random);
        long after = random.nextInt(4) == 0 ? random.nextLong(4_000_000_000L) : random.nextLong(14_000_000);
        sim.environment.world(after, () -> order.accept(client));
    }

    /** Until the old connection is found dead, the new one gets no further than to the door, or than to its set-up. */
    private void deadInRotation(SimulatedClient client, SplittableRandom random) {
        peersOf(client).forEach(SimulatedPeer::goHalfOpen);
        Door[] slow = {Door.SILENT, Door.SLOW, Door.SILENT_SETUP};
        SimulatedServer server = sim.servers.get(sim.checker.history(client.id).host());
        if (server == null) {
            return;
        }
        Door door = slow[random.nextInt(slow.length)];
        server.door = door;
        for (int second = 0; second < 40; second += 2) {
            sim.environment.world(Duration.ofSeconds(second).toNanos(), client::rotate);
        }
        sim.environment.world(Duration.ofSeconds(40).toNanos(), () -> {
            if (server.door == door) {
                server.door = Door.OPEN;
            }
        });
    }

    /** Those of its connections that have not ended. */
    private List<SimulatedPeer> peersOf(SimulatedClient client) {
        List<SimulatedPeer> all = new ArrayList<>();
        sim.servers
                .values()
                .forEach(s -> s.peers.stream()
                        .filter(p -> p.connection.clientId().equals(client.id))
                        .forEach(all::add));
        return all;
    }

    private void ambush(Fault order, SplittableRandom random) {
        Phase phase = Fault.AMBUSHES[random.nextInt(Fault.AMBUSHES.length)];
        SimulatedClient client = client(random);
        ambushes.put(client.id, new Ambush(phase, order(order, random)));
        sim.checker.note("    waits for ", client.id, " to be ", phase);
        drive(client, phase);
    }

    /** Makes it likely that the client comes to that phase. */
    private void drive(SimulatedClient client, Phase phase) {
        switch (phase) {
            case PERMIT -> {
                policy(1, Duration.ofSeconds(20), 0);
                client.reconnect();
            }
            case CONNECTING, SETTING_UP, RECONNECTING -> client.reconnect();
            case BACKOFF -> sim.checker.history(client.id).peer().ifPresent(SimulatedPeer::cut);
            case STOPPING, IDLE -> terminate(client, false, Duration.ZERO);
            default -> {
                // by chance only
            }
        }
    }

    private void spring(String id, Phase before, Phase after) {
        Ambush ambush = ambushes.get(id);
        if (ambush != null && before != after && ambush.phase == after) {
            ambushes.remove(id);
            sim.environment.world(0, () -> ambush.order.accept(sim.all.get(id)));
        }
    }

    // --- listeners

    private void listener(Fault fault, SplittableRandom random) {
        SimulatedClient client = client(random);
        switch (fault) {
            case LISTENER_LEAVES -> {
                if (client.configured && client.listenerPresent()) {
                    client.listenerLeaves();
                }
            }
            case LISTENER_RETURNS -> {
                if (!client.listenerPresent() && client.handle.state() != ClientState.CLOSED) {
                    client.listenerReturns();
                }
            }
            case LISTENER_THROWS -> {
                if (client.listenerPresent()) {
                    SimulatedListener listener = client.listener();
                    listener.throwing(true);
                    sim.environment.world(Duration.ofSeconds(10).toNanos(), () -> listener.throwing(false));
                }
            }
            default -> {
                if (client.listenerPresent()) {
                    SimulatedListener listener = client.listener();
                    listener.slow(Duration.ofMillis(1 + random.nextInt(40)));
                    sim.environment.world(Duration.ofSeconds(20).toNanos(), () -> listener.slow(Duration.ZERO));
                }
            }
        }
    }

    // --- the process

    private void process(Fault fault, SplittableRandom random) {
        switch (fault) {
            case TRANSPORT_GONE -> {
                sim.transports.unset(sim.installed);
                sim.environment.world(seconds(random, 20), () -> sim.transports.set(sim.installed));
            }
            case TRANSPORT_MUTE -> {
                sim.transport.mute = true;
                sim.environment.world(seconds(random, 60), () -> sim.transport.mute = false);
            }
            case LATE_AND_DOUBLED -> {
                sim.transport.lateChance = random.nextDouble() / 2;
                sim.transport.doubledChance = random.nextDouble() / 2;
            }
            case PLUGIN_LEAVES -> sim.plugins.deribitLeaves();
            case PLUGIN_RETURNS -> returns();
            case PLUGIN_SWAPPED -> {
                sim.plugins.deribitComes();
                if (random.nextBoolean()) {
                    sim.plugins.formerDeribitLeaves();
                }
            }
            case PLUGIN_THROWS -> {
                sim.plugins.deribitThrows(true);
                sim.plugins.deribitComes();
                sim.environment.world(seconds(random, 5), () -> sim.plugins.deribitThrows(false));
            }
            case PLUGIN_HANGS -> {
                sim.stall(Pool.PLUGIN, Duration.ofSeconds(10));
                sim.plugins.deribitComes();
            }
            case EXCHANGE_LEAVES -> sim.plugins.exchangeLeaves();
            case EXCHANGE_RETURNS -> {
                if (!sim.plugins.exchangePresent()) {
                    sim.plugins.exchangeComes();
                }
            }
            case EXCHANGE_SWAPPED -> {
                sim.plugins.exchangeComes();
                sim.plugins.formerExchangeLeaves();
            }
            case EXCHANGE_THROWS, EXCHANGE_HANGS, EXCHANGE_SWAPPED_INSIDE -> inside(fault, random);
            case DESK -> {
                SimulatedDesk.Mode[] modes = SimulatedDesk.Mode.values();
                SimulatedDesk.Mode mode = modes[random.nextInt(modes.length)];
                sim.desk.mode = mode;
                if (random.nextBoolean()) {
                    sim.servers.values().forEach(s -> List.copyOf(s.peers).forEach(SimulatedPeer::cut));
                }
                sim.environment.world(seconds(random, 60), () -> {
                    if (sim.desk.mode == mode) {
                        sim.desk.mode = SimulatedDesk.Mode.SOUND;
                    }
                });
            }
            case GROUP_LEAVES -> sim.supervision.leave();
            case GROUP_RETURNS -> sim.supervision.come(limits(random));
            case GROUP_LIMITS -> sim.supervision.reconfigure(limits(random));
            case ENDPOINT_POLICY -> policy(random);
            case WALL_CLOCK_JUMP -> sim.environment.jumpWallClock(Duration.ofSeconds(random.nextInt(20_000) - 10_000));
            case PAUSE_1_S -> sim.pause(Duration.ofSeconds(1));
            case PAUSE_20_S -> sim.pause(Duration.ofSeconds(20));
            case PAUSE_5_MIN -> sim.pause(Duration.ofMinutes(5));
            case POOL_STALLS ->
                sim.stall(
                        Pool.values()[random.nextInt(Pool.values().length)], Duration.ofMillis(random.nextInt(40_000)));
            case LISTENERS_SLOW -> {
                sim.stall(Pool.DELIVERY, Duration.ofMillis(random.nextInt(30_000)));
                if (random.nextBoolean()) {
                    sim.servers.values().forEach(s -> List.copyOf(s.peers).forEach(p -> p.burst(100)));
                }
            }
            default -> throw new IllegalArgumentException("not of the process: " + fault);
        }
    }

    private void inside(Fault fault, SplittableRandom random) {
        String function = PluginTrouble.FUNCTIONS.get(random.nextInt(PluginTrouble.FUNCTIONS.size()));
        boolean hangs = fault == Fault.EXCHANGE_HANGS || fault == Fault.EXCHANGE_SWAPPED_INSIDE && random.nextBoolean();
        Duration span = Duration.ofMillis(1 + random.nextInt(random.nextBoolean() ? 400 : 5_000));
        boolean swaps = fault == Fault.EXCHANGE_SWAPPED_INSIDE;
        sim.checker.note("    in ", function, " for ", span, hangs ? " hangs" : " throws");
        sim.plugins.trouble.plan(
                function,
                hangs ? PluginTrouble.Kind.HANGS : PluginTrouble.Kind.THROWS,
                span,
                swaps ? 1 : 1 + random.nextInt(5),
                swaps ? this::swapExchange : () -> {});
        sessions.use(random);
    }

    private void swapExchange() {
        sim.plugins.exchangeComes();
        leavesOnceOutside();
    }

    private void leavesOnceOutside() {
        sim.environment.world(Duration.ofMillis(100).toNanos(), () -> {
            if (sim.plugins.trouble.inside()) {
                leavesOnceOutside();
            } else {
                sim.plugins.formerExchangeLeaves();
            }
        });
    }

    private static long seconds(SplittableRandom random, int most) {
        return Duration.ofMillis(500 + random.nextInt(most * 1000)).toNanos();
    }

    private void returns() {
        if (!sim.plugins.deribitPresent()) {
            sim.plugins.deribitComes();
        }
    }

    private static Map<String, Object> limits(SplittableRandom random) {
        return Map.of("intensity", "" + (1 + random.nextInt(10)), "restart.delay", random.nextInt(3) + "s");
    }

    private void policy(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            sim.endpoints.remove(SHARED);
            sim.checker.budgets.policy(Optional.empty());
            return;
        }
        policy(2 + random.nextInt(20), Duration.ofSeconds(5 + random.nextInt(40)), random.nextInt(5));
    }

    private void policy(int attempts, Duration window, int burst) {
        EndpointGroupOptions options = EndpointGroupOptions.of(Map.of(
                "host.patterns", List.of("*.example"),
                "attempts", "" + attempts,
                "window", window.toSeconds() + "s",
                "burst", "" + burst));
        sim.endpoints.configure(SHARED, options);
        sim.checker.budgets.policy(Optional.of(options.policy()));
    }

    // --- the end of all faults

    /** Nothing more begins. */
    void end() {
        ambushes.clear();
        sim.checker.crash("");
    }

    void heal() {
        sim.checker.note("*** all faults end");
        sim.servers.values().forEach(s -> s.door = Door.OPEN);
        for (SimulatedServer server : sim.servers.values()) {
            for (SimulatedPeer peer : List.copyOf(server.peers)) {
                peer.withholdBeats(false);
                peer.readAgain();
            }
        }
        sim.transport.mute = false;
        sim.transport.lateChance = 0;
        sim.transport.doubledChance = 0;
        sim.transports.set(sim.installed);
        sim.plugins.deribitThrows(false);
        sim.plugins.trouble.end();
        // A version that was quarantined is not tried again; the next one is.
        sim.plugins.deribitComes();
        sim.plugins.exchangeComes();
        sim.desk.mode = SimulatedDesk.Mode.SOUND;
        sessions.heal();
        sim.supervision.come(Map.of());
        sim.endpoints.remove(SHARED);
        sim.checker.budgets.policy(Optional.empty());
        for (SimulatedClient client : sim.all.values()) {
            if (!client.listenerPresent() && client.handle.state() != ClientState.CLOSED) {
                client.listenerReturns();
            }
            if (client.listenerPresent()) {
                client.listener().throwing(false);
                client.listener().slow(Duration.ZERO);
            }
        }
    }
}
