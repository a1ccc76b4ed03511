// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.group;

import static io.holdfast.api.options.Option.Effect.LIVE;
import static io.holdfast.api.options.Option.Effect.RESTART;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.supervisor.core.AutoShutdown;
import io.holdfast.supervisor.core.Budget;
import io.holdfast.supervisor.core.Escalation;
import io.holdfast.supervisor.core.ExitReason;
import io.holdfast.supervisor.core.Intensity;
import io.holdfast.supervisor.core.Strategy;
import io.holdfast.supervisor.core.SupervisorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of one group, PID {@code io.holdfast.supervisor}, a factory PID. Immutable.
 *
 * @param group the group's name
 * @param spec the rules
 * @param escalation what ends when a budget is exceeded
 * @param stopLimit how long the children may take to stop by rule when the container stops
 * @param parenthood what it is to its parent group, if it has one
 */
public record GroupOptions(
        String group, SupervisorSpec spec, EscalateTo escalation, Duration stopLimit, Optional<Parenthood> parenthood) {
    public static final String PID = "io.holdfast.supervisor";

    private static final String NONE = "none";
    private static final List<String> COUNTABLE =
            List.of("normal", "shutdown", "operator", "banned", "failed", "protocol", "killed", "crash");

    private static final OptionSet OPTIONS = OptionSet.of(
            Option.text("group", "", RESTART, "The group's name; default: the part after '~' of the PID."),
            Option.text("parent", "", LIVE, "The group this one is a child of; without it the group stands alone."),
            Option.duration(
                    "parent.wait",
                    Duration.ofSeconds(5),
                    LIVE,
                    "How long a group waits for its parent before it starts itself."),
            Option.choice(
                    "child.restart",
                    "permanent",
                    LIVE,
                    List.of("permanent", "transient", "temporary"),
                    "Which ends of this group its parent answers with a restart; to exceed a budget is a clean end, as in OTP."),
            Option.integer("child.order", 0, LIVE, "Place of this group in its parent's start order."),
            Option.flag(
                    "child.significant",
                    false,
                    LIVE,
                    "Whether the end of this group may end its parent, see `auto.shutdown`; not with `child.restart=permanent`."),
            Option.choice(
                    "strategy",
                    "one_for_one",
                    LIVE,
                    List.of(names(Strategy.values())),
                    "Who is restarted with a child that failed; the names are OTP's, `dynamic` is Elixir's."),
            new Option(
                    "children.max",
                    Option.Type.INTEGER,
                    "",
                    LIVE,
                    List.of(),
                    "Children at the same time, those restarting included; only with `strategy=dynamic`; without it no limit."),
            Option.choice(
                    "auto.shutdown",
                    "never",
                    LIVE,
                    List.of(names(AutoShutdown.values())),
                    "Whether the group ends when a significant child, or the last of them, has ended for good."),
            Option.integer("intensity", 10, LIVE, "Restarts allowed within the period; the next one exceeds it."),
            Option.duration(
                    "period", Duration.ofSeconds(60), LIVE, "Length of the sliding window in which restarts count."),
            Option.choice(
                    "budget",
                    "client",
                    LIVE,
                    List.of("client", "group"),
                    "Whether each client has its own budget or, as in OTP, all share one."),
            Option.choice(
                    "escalation",
                    "",
                    LIVE,
                    List.of(names(EscalateTo.values())),
                    "What ends when a budget is exceeded; default: `child` with `budget=client`, else `parent`, or `group` where there is none."),
            Option.duration(
                    "restart.delay", Duration.ZERO, LIVE, "Time between the decision to restart and the restart."),
            Option.flag(
                    "restart.refused",
                    false,
                    LIVE,
                    "Whether a permanent client that was refused for good is restarted all the same."),
            Option.duration(
                    "cooldown",
                    Duration.ZERO,
                    LIVE,
                    "Time after which a given-up client is tried once more; 0s: only by reset."),
            Option.duration(
                    "cooldown.stable.after",
                    Duration.ofSeconds(60),
                    LIVE,
                    "How long such a trial must hold to count as recovered."),
            Option.flag(
                    "window.whole.seconds",
                    false,
                    LIVE,
                    "Cut times to whole seconds as OTP does, instead of exact distances."),
            Option.texts(
                    "uncounted",
                    LIVE,
                    "Kinds of exits restarted without being counted: " + String.join(", ", COUNTABLE)
                            + "; or `none`, which is OTP; default: `operator`, `banned` (of the latter only those with a known end)."),
            Option.duration(
                    "answer.limit",
                    Duration.ofSeconds(5),
                    LIVE,
                    "How long the answer to a start, or to a kill, is waited for; time in which the process stood still does not count."),
            Option.duration(
                    "stop.limit",
                    Duration.ofSeconds(5),
                    LIVE,
                    "When the container stops: time for the children to stop by rule, before those left are ended by force."));

    /**
     * @param pid the configuration's PID, which names the group unless an option does
     * @throws io.holdfast.api.options.InvalidOptionException naming the first option that cannot be accepted
     */
    public static GroupOptions of(Map<String, ?> raw, String pid) {
        OptionValues v = OPTIONS.parse(raw);
        Budget budget = v.text("budget").equals("group") ? Budget.GROUP : Budget.CHILD;
        EscalateTo escalation = escalation(v, budget);
        Intensity intensity = new Intensity(
                v.integer("intensity", 0),
                v.positive("period"),
                budget,
                escalation == EscalateTo.CHILD ? Escalation.CHILD : Escalation.GROUP,
                v.flag("window.whole.seconds"));
        Strategy strategy = Strategy.valueOf(constant(v.text("strategy")));
        SupervisorSpec spec = SupervisorSpec.of(strategy)
                .withIntensity(intensity)
                .withMaxChildren(maxChildren(v, strategy))
                .withAutoShutdown(AutoShutdown.valueOf(constant(v.text("auto.shutdown"))))
                .withUncounted(uncounted(v))
                .withAnswerLimit(v.positive("answer.limit"))
                .withRestartDelay(v.duration("restart.delay"))
                .withRestartRefused(v.flag("restart.refused"))
                .withCoolDown(v.duration("cooldown"), v.positive("cooldown.stable.after"));
        String group = v.optionalText("group").orElseGet(() -> instanceName(pid));
        return new GroupOptions(group, spec, escalation, v.positive("stop.limit"), parenthood(v, group));
    }

    private static EscalateTo escalation(OptionValues v, Budget budget) {
        boolean hasParent = v.optionalText("parent").isPresent();
        if (!v.has("escalation")) {
            return budget == Budget.CHILD ? EscalateTo.CHILD : hasParent ? EscalateTo.PARENT : EscalateTo.GROUP;
        }
        EscalateTo escalation = EscalateTo.valueOf(constant(v.text("escalation")));
        if (escalation == EscalateTo.PARENT && !hasParent) {
            throw new InvalidOptionException("escalation", "parent needs the option 'parent'");
        }
        return escalation;
    }

    private static Optional<Parenthood> parenthood(OptionValues v, String group) {
        ChildSpec.Restart restart = ChildSpec.Restart.valueOf(constant(v.text("child.restart")));
        boolean significant = v.flag("child.significant");
        if (significant && restart == ChildSpec.Restart.PERMANENT) {
            throw new InvalidOptionException("child.significant", "does not go with child.restart=permanent");
        }
        int order = v.integer("child.order", Integer.MIN_VALUE);
        ChildSpec child = new ChildSpec(
                group, restart, ChildSpec.INFINITY, order, Duration.ZERO, significant, ChildSpec.Type.SUPERVISOR);
        Duration wait = v.duration("parent.wait");
        return v.optionalText("parent").map(parent -> new Parenthood(parent, wait, child));
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
            throw new InvalidOptionException(
                    "uncounted", "must be some of " + String.join(", ", COUNTABLE) + "; or " + NONE);
        }
        return kinds.stream()
                .map(kind -> ExitReason.Kind.valueOf(constant(kind)))
                .collect(Collectors.toUnmodifiableSet());
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
