package io.holdfast.supervisor.group;

import static io.holdfast.api.options.Option.Effect.LIVE;
import static io.holdfast.api.options.Option.Effect.RESTART;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import io.holdfast.supervisor.core.AutoShutdown;
import io.holdfast.supervisor.core.Budget;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.Intensity;
import io.holdfast.supervisor.core.Strategy;
import io.holdfast.supervisor.core.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of one group, PID {@code io.holdfast.supervisor}, a factory PID. Immutable.
 *
 * @param group the group's name
 * @param spec the rules
 */
public record GroupOptions(String group, SupervisorSpec spec) {
  public static final String PID = "io.holdfast.supervisor";

  private static final String NONE = "none";
  private static final List<String> COUNTABLE = List.of("normal", "shutdown", "operator", "banned", "failed", "protocol", "killed", "crash");

  private static final OptionSet OPTIONS =
      OptionSet.of(
          Option.text("group", "", RESTART, "The group's name; default: the part after '~' of the PID."),
          Option.choice("strategy", "one_for_one", LIVE, List.of(names(Strategy.values())), "Who is restarted with a child that failed; the names are OTP's, `dynamic` is Elixir's."),
          new Option("children.max", Option.Type.INTEGER, "", LIVE, List.of(), "Children at the same time, those restarting included; only with `strategy=dynamic`; without it no limit."),
          Option.choice("auto.shutdown", "never", LIVE, List.of(names(AutoShutdown.values())), "Whether the group ends when a significant child, or the last of them, has ended for good."),
          Option.integer("intensity", 10, LIVE, "Restarts allowed within the period; the next one exceeds it."),
          Option.duration("period", Duration.ofSeconds(60), LIVE, "Length of the sliding window in which restarts count."),
          Option.choice("budget", "client", LIVE, List.of("client", "group"), "Whether each client has its own budget or, as in OTP, all share one."),
          Option.duration("restart.delay", Duration.ZERO, LIVE, "Time between the decision to restart and the restart."),
          Option.flag("restart.refused", false, LIVE, "Whether a permanent client that was refused for good is restarted all the same."),
          Option.duration("cooldown", Duration.ZERO, LIVE, "Time after which a given-up client is tried once more; 0s: only by reset."),
          Option.duration("cooldown.stable.after", Duration.ofSeconds(60), LIVE, "How long such a trial must hold to count as recovered."),
          Option.flag("window.whole.seconds", false, LIVE, "Cut times to whole seconds as OTP does, instead of exact distances."),
          Option.texts("uncounted", LIVE, "Kinds of exits restarted without being counted: " + String.join(", ", COUNTABLE) + "; or `none`, which is OTP; default: `operator`, `banned` (of the latter only those with a known end)."),
          Option.duration("answer.limit", Duration.ofSeconds(5), LIVE, "How long the answer to a start, or to a kill, is waited for; time in which the process stood still does not count."));

  /**
   * @param pid the configuration's PID, which names the group unless an option does
   * @throws io.holdfast.api.options.InvalidOptionException naming the first option that cannot be accepted
   */
  public static GroupOptions of(Map<String, ?> raw, String pid) {
    OptionValues v = OPTIONS.parse(raw);
    Intensity intensity =
        new Intensity(
            v.integer("intensity", 0),
            v.positive("period"),
            v.text("budget").equals("group") ? Budget.GROUP : Budget.CHILD,
            v.flag("window.whole.seconds"));
    Strategy strategy = Strategy.valueOf(constant(v.text("strategy")));
    SupervisorSpec spec =
        SupervisorSpec.of(strategy)
            .withIntensity(intensity)
            .withMaxChildren(maxChildren(v, strategy))
            .withAutoShutdown(AutoShutdown.valueOf(constant(v.text("auto.shutdown"))))
            .withUncounted(uncounted(v))
            .withAnswerLimit(v.positive("answer.limit"))
            .withRestartDelay(v.duration("restart.delay"))
            .withRestartRefused(v.flag("restart.refused"))
            .withCoolDown(v.duration("cooldown"), v.positive("cooldown.stable.after"));
    return new GroupOptions(v.optionalText("group").orElseGet(() -> instanceName(pid)), spec);
  }

  private static int maxChildren(OptionValues v, Strategy strategy) {
    if (!v.has("children.max")) {
      return SupervisorSpec.UNLIMITED;
    }
    if (strategy != Strategy.DYNAMIC) {
      throw new InvalidOptionException("children.max", "needs strategy=dynamic");
    }
    return v.integer("children.max", 0);
  }

  private static Set<ExitReason.Kind> uncounted(OptionValues v) {
    List<String> kinds = v.texts("uncounted").stream().map(String::trim).toList();
    if (kinds.isEmpty()) {
      return SupervisorSpec.of(Strategy.ONE_FOR_ONE).uncounted();
    }
    if (kinds.equals(List.of(NONE))) {
      return Set.of();
    }
    if (!COUNTABLE.containsAll(kinds)) {
      throw new InvalidOptionException("uncounted", "must be some of " + String.join(", ", COUNTABLE) + "; or " + NONE);
    }
    return kinds.stream().map(kind -> ExitReason.Kind.valueOf(constant(kind))).collect(Collectors.toUnmodifiableSet());
  }

  private static String[] names(Enum<?>[] constants) {
    return Stream.of(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
  }

  private static String constant(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private static String instanceName(String pid) {
    int tilde = pid.indexOf('~');
    if (tilde < 0 || tilde == pid.length() - 1) {
      throw new InvalidOptionException("group", "is required where the PID has no part after '~'");
    }
    return pid.substring(tilde + 1);
  }

  /** The declarations, for documentation and Metatype. */
  public static List<Option> declared() {
    return OPTIONS.options();
  }
}
