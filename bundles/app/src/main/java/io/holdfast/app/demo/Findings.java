// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.simulator.AcceptRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one step found out. Confined to the script's thread. */
final class Findings {

    /**
     * @param measured what was found
     * @param wanted the bound, or what was expected
     */
    record Check(String what, String measured, String wanted, boolean held) {}

    private final List<Check> checks = new ArrayList<>();
    private final Map<Target, Integer> closes = new HashMap<>();
    private Balance messages = Balance.EMPTY;
    private long closed;
    private Optional<Closest> closest = Optional.empty();

    /** The time that came closest to its bound. */
    private record Closest(Duration took, Duration bound) {

        double share() {
            return (double) took.toNanos() / bound.toNanos();
        }

        @Override
        public String toString() {
            return seconds(took) + " of " + seconds(bound);
        }
    }

    /** @param took empty if it did not happen while the script waited */
    void time(String what, Optional<Duration> took, Duration bound) {
        String measured = took.map(Findings::seconds).orElse("did not happen");
        checks.add(new Check(
                what,
                measured,
                "<= " + seconds(bound),
                took.isPresent() && took.get().compareTo(bound) <= 0));
        took.map(t -> new Closest(t, bound))
                .filter(c -> closest.isEmpty() || c.share() > closest.get().share())
                .ifPresent(c -> closest = Optional.of(c));
    }

    /** The books of one client: what is missing must be what was not sent, and what the end of a connection cut off. */
    void messages(Target target, Balance balance) {
        messages = messages.plus(balance);
        checks.add(new Check(
                target.id() + ": missing of " + balance.numbers() + " numbers",
                Long.toString(balance.missing()),
                "= " + balance.unsent() + " not sent + " + balance.inFlight() + " cut off on the way",
                balance.missing() == balance.unsent() + balance.inFlight() && balance.unexplained() == 0));
        equal(target.id() + ": sent on an open connection and not delivered", balance.lost(), 0L);
        equal(target.id() + ": doubled", balance.doubled(), 0L);
        equal(target.id() + ": missing without a word to the listener", balance.unreported(), 0L);
    }

    /** Sockets that the simulator saw closed. */
    void closed(Target target, List<AcceptRecord> sockets) {
        closed += sockets.size();
        String how = sockets.stream()
                .map(socket -> ", " + socket.end() + " " + socket.endDetail())
                .distinct()
                .collect(Collectors.joining());
        equal(target.id() + ": sockets closed" + how, sockets.size(), closes.getOrDefault(target, 0));
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

    boolean closes(Target target) {
        return closes.containsKey(target);
    }

    /** Cells of the summary: closest to its bound, missing, lost, doubled, sockets closed. */
    List<String> summary() {
        return List.of(
                closest.map(Closest::toString).orElse("-"),
                Long.toString(messages.missing()),
                Long.toString(messages.lost()),
                Long.toString(messages.doubled()),
                Long.toString(closed));
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
