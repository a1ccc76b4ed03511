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
 * @param length from the first fault to the last
 */
record Schedule(long seed, List<ClientPlan> clients, List<Step> steps, Duration length, boolean pluginFirst, boolean groupFirst) {
  /** A client to be made at the start. */
  record ClientPlan(String id, Map<String, Object> options, boolean configured) {}

  /** @param choice decides everything else about the fault */
  record Step(Duration at, Fault fault, long choice) {}

  private static final int MOST_CLIENTS = 5;
  private static final int FEWEST_STEPS = 12;
  private static final int MOST_STEPS = 40;
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
      steps.add(new Step(at, faults[random.nextInt(faults.length)], random.nextLong()));
    }
    return new Schedule(seed, clients, steps, at, random.nextInt(4) > 0, random.nextInt(4) > 0);
  }

  private static ClientPlan client(String id, SplittableRandom random) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("client.id", id);
    o.put("uri", Simulation.uri(random.nextInt(3) == 0 ? Simulation.HOST_B : Simulation.HOST_A, id));
    o.put("open.messages", List.of("{\"method\":\"subscribe\"}"));
    o.put("open.messages.expect", List.of("[\"numbers\"]"));
    if (random.nextInt(4) > 0) {
      o.put("supervisor.group", Supervision.GROUP);
      o.put("child.restart", pick(random, "permanent", "transient", "transient"));
    }
    heartbeat(o, random);
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
    return new ClientPlan(id, o, random.nextInt(3) > 0);
  }

  private static void heartbeat(Map<String, Object> o, SplittableRandom random) {
    switch (random.nextInt(6)) {
      case 0 -> {
        o.put("heartbeat.type", "generic");
        o.put("heartbeat.interval", "10s");
        o.put("heartbeat.timeout", pick(random, "2s", "5s", "10s"));
        o.put("heartbeat.misses", pick(random, "1", "2"));
      }
      case 1 -> o.put("idle.timeout", "40s");
      default -> o.put("heartbeat.type", "deribit");
    }
  }

  private static String pick(SplittableRandom random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
