package io.holdfast.supervisor.core;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/** Says whether the core it was loaded with is the one recorded. {@link CoreFaultsTest} loads it with broken ones. */
public final class FaultProbe {
  private FaultProbe() { }

  /** The first scenario replayed differently, with either window. */
  public static Optional<String> firstCaught(List<JsonObject> corpus) {
    for (JsonObject scenario : corpus) {
      boolean isPhase = scenario.get("group").getAsString().equals("phase");
      if (differs(scenario, true) || !isPhase && differs(scenario, false)) {
        return Optional.of(scenario.get("id").getAsString());
      }
    }
    return Optional.empty();
  }

  private static boolean differs(JsonObject scenario, boolean wholeSeconds) {
    try {
      return new ScenarioReplay(scenario, wholeSeconds, ScenarioReplay.Answers.AT_ONCE).firstDifference().isPresent();
    } catch (RuntimeException e) {
      // A broken core may break the children's or the observer's assumptions before it shows another trace.
      return true;
    }
  }
}
