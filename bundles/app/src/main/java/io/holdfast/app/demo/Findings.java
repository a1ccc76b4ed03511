package io.holdfast.app.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What one step found out. Confined to the script's thread. */
final class Findings {

    /**
     * @param measured what was found
     * @param wanted the bound, or what was expected
     */
    record Check(String what, String measured, String wanted, boolean held) {
    }

    private final List<Check> checks = new ArrayList<>();
    private final Map<Target, Integer> closes = new HashMap<>();

    /** @param took empty if it did not happen while the script waited */
    void time(String what, Optional<Duration> took, Duration bound) {
        String measured = took.map(Findings::seconds).orElse("did not happen");
        checks.add(new Check(what, measured, "<= " + seconds(bound), took.isPresent() && took.get().compareTo(bound) <= 0));
    }

    void equal(String what, Object found, Object wanted) {
        checks.add(new Check(what, found.toString(), wanted.toString(), found.equals(wanted)));
    }

    void atLeast(String what, long found, long least) {
        checks.add(new Check(what, Long.toString(found), ">= " + least, found >= least));
    }

    void atMost(String what, long found, long most) {
        checks.add(new Check(what, Long.toString(found), "<= " + most, found <= most));
    }

    /** The step means so many sockets to be closed; none of those not named. */
    void closes(Target target, int sockets) {
        closes.merge(target, sockets, Integer::sum);
    }

    int closes(Target target) {
        return closes.getOrDefault(target, 0);
    }

    List<Check> checks() {
        return List.copyOf(checks);
    }

    boolean held() {
        return checks.stream().allMatch(Check::held);
    }

    static String seconds(Duration d) {
        return String.format(Locale.ROOT, "%.2f s", d.toNanos() / 1e9);
    }
}
