// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What one run does and when, drawn from its seed alone, so that no change of the engine changes a schedule.
 *
 * @param start of the steps, after the clients were made
 */
record Schedule(
        long seed,
        List<ClientPlan> clients,
        Duration start,
        List<Step> steps,
        boolean pluginFirst,
        boolean groupFirst) {
    /** @param listenerLater whether a configured client is made before there is a listener for it */
    record ClientPlan(String id, Map<String, Object> options, boolean configured, boolean listenerLater) {}

    /** @param choice decides everything else about the fault */
    record Step(Duration at, Fault fault, long choice) {}

    private static final int MOST_CLIENTS = 5;
    private static final int FEWEST_STEPS = 16;
    private static final int MOST_STEPS = 60;
    private static final int LONGEST_PAUSE_SECONDS = 40;

    static Schedule of(long seed) {
        SplittableRandom random = new SplittableRandom(seed * 31 + 7);
        List<ClientPlan> clients = new ArrayList<>();
        int count = 2 + random.nextInt(MOST_CLIENTS - 1);
        for (int i = 0; i < count; i++) {
            clients.add(client("c" + i, random));
        }
        List<Step> steps = new ArrayList<>();
        Duration at = Duration.ZERO;
        Fault[] faults = Fault.values();
        int length = FEWEST_STEPS + random.nextInt(MOST_STEPS - FEWEST_STEPS);
        for (int i = 0; i < length; i++) {
            // Many faults in close succession, with rests in between in which connections become stable.
            boolean rest = random.nextInt(3) == 0;
            at = at.plusMillis(rest ? random.nextInt(LONGEST_PAUSE_SECONDS * 1000) : random.nextInt(3_000));
            boolean inPhase = random.nextInt(4) == 0;
            Fault[] choice = inPhase ? Fault.IN_PHASE : faults;
            steps.add(new Step(at, choice[random.nextInt(choice.length)], random.nextLong()));
        }
        Duration start = random.nextInt(3) == 0 ? Duration.ofMillis(random.nextInt(4_000)) : Duration.ofSeconds(10);
        return new Schedule(seed, clients, start, steps, random.nextInt(4) > 0, random.nextInt(4) > 0);
    }

    private static ClientPlan client(String id, SplittableRandom random) {
        Map<String, Object> o = new LinkedHashMap<>();
        o.put("client.id", id);
        o.put("uri", Simulation.uri(random.nextInt(3) == 0 ? Simulation.HOST_B : Simulation.HOST_A, id));
        if (random.nextInt(4) > 0) {
            o.put("supervisor.group", Supervision.GROUP);
            o.put("child.restart", pick(random, "permanent", "transient", "transient"));
        }
        if (random.nextInt(3) == 0) {
            session(o, random);
        } else {
            o.put("open.messages", List.of("{\"method\":\"subscribe\"}"));
            o.put("open.messages.expect", List.of("[\"numbers\"]"));
            heartbeat(o, random);
        }
        o.put("delivery", pick(random, "queued", "queued", "direct"));
        o.put("overflow", pick(random, "disconnect", "drop-oldest", "block"));
        if (random.nextBoolean()) {
            o.put("overflow.max.messages", "" + (8 + random.nextInt(40)));
        }
        if (random.nextBoolean()) {
            o.put("reconnect.attempts", pick(random, "0", "2", "3"));
        }
        if (random.nextInt(3) == 0) {
            o.put("listener.gap.max", pick(random, "0s", "10s"));
        }
        if (random.nextInt(3) == 0) {
            o.put("initial.failure", pick(random, "remove", "restart"));
        }
        boolean configured = random.nextInt(3) > 0;
        return new ClientPlan(id, o, configured, configured && random.nextInt(5) == 0);
    }

    /** Channels that a client with a session may want. */
    static final List<String> CHANNELS = List.of(
            "book.BTC-PERPETUAL.raw",
            "book.ETH-PERPETUAL.100ms",
            "trades.BTC-PERPETUAL.raw",
            "ticker.BTC-PERPETUAL.100ms",
            "user.orders.BTC-PERPETUAL.raw",
            "user.portfolio.btc");

    private static void session(Map<String, Object> o, SplittableRandom random) {
        o.put("heartbeat.type", "deribit");
        o.put("exchange.type", pick(random, "deribit", "deribit", SimulatedDesk.TYPE));
        o.put("exchange.auth", "client_credentials");
        o.put("credentials", "exchange");
        o.put("exchange.channels", CHANNELS.subList(0, 1 + random.nextInt(CHANNELS.size())));
        o.put("exchange.limit", "5s");
        o.put("exchange.retry", "2s");
        o.put("exchange.silence", "trades.*=30s");
    }

    private static void heartbeat(Map<String, Object> o, SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                o.put("heartbeat.type", "generic");
                o.put("heartbeat.interval", "10s");
                o.put("heartbeat.timeout", pick(random, "2s", "5s", "10s"));
                o.put("heartbeat.misses", pick(random, "1", "2"));
                o.put("heartbeat.silence", pick(random, "0s", "12s", "30s"));
                o.put("heartbeat.alive", pick(random, "any-frame", "data"));
            }
            case 2 -> o.put("idle.timeout", "40s");
            default -> o.put("heartbeat.type", "deribit");
        }
    }

    private static String pick(SplittableRandom random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
