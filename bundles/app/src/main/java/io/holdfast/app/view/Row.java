// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import io.holdfast.api.client.ClientHealth;
import io.holdfast.api.client.ClientHealth.HeartbeatHealth;
import io.holdfast.api.client.ClientMetrics;
import io.holdfast.api.options.Durations;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.app.view.Fleet.Member;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One line of the table. Pure but for reading the client's figures. */
final class Row {

    static final List<String> HEADINGS = List.of(
            "client",
            "state",
            "incarnation",
            "restarts",
            "msgs/s",
            "last msg",
            "heartbeat",
            "last beat",
            "round trip",
            "last cause");

    private static final String NOTHING = "-";
    private static final int LONGEST_CAUSE = 120;

    private Row() {}

    /** @param perSecond messages received in the last second */
    static List<String> of(Member member, double perSecond) {
        ClientMetrics metrics = member.client().metrics();
        ClientHealth health = member.client().health();
        return List.of(
                plain(member.client().id()),
                state(member),
                Long.toString(metrics.incarnation()),
                restarts(member),
                String.format(Locale.ROOT, "%.0f", perSecond),
                time(metrics.lastMessageAgo()),
                heartbeat(health.heartbeat()),
                time(health.heartbeat().lastBeatAgo()),
                health.heartbeat().roundTrip().map(Row::millis).orElse(NOTHING),
                health.lastCause().map(cause -> plain(cause.toString())).orElse(NOTHING));
    }

    /** What the group decided says more than the state in which it left the client. */
    static String state(Member member) {
        return member.child()
                .map(ChildStatus::state)
                .filter(s -> s == ChildStatus.State.GIVEN_UP || s == ChildStatus.State.STOPPED)
                .map(Enum::name)
                .orElseGet(() -> member.client().state().name());
    }

    private static String restarts(Member member) {
        if (member.group().isEmpty()) {
            return NOTHING;
        }
        return member.child()
                .flatMap(child -> member.status()
                        .map(group -> child.restarts() + "/" + group.intensity() + " in "
                                + Durations.format(Duration.ofMillis(group.periodMillis()))))
                .orElse("unsupervised");
    }

    private static String heartbeat(HeartbeatHealth heartbeat) {
        String type = heartbeat.type().isEmpty() ? NOTHING : plain(heartbeat.type());
        return heartbeat.quarantined() ? type + " (quarantined)" : type;
    }

    static String time(Optional<Duration> time) {
        return time.map(d -> d.toMillis() < 1000
                        ? d.toMillis() + "ms"
                        : String.format(Locale.ROOT, "%.1fs", d.toMillis() / 1e3))
                .orElse(NOTHING);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.2fms", time.toNanos() / 1e6);
    }

    /** The text may come from a server; causes are escaped already, names are the user's. Nothing here may move the cursor. */
    static String plain(String text) {
        String cut = text.length() > LONGEST_CAUSE ? text.substring(0, LONGEST_CAUSE - 1) + "…" : text;
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
