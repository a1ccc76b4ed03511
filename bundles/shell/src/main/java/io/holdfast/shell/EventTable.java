// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.ConnectionEvent;
import java.util.ArrayList;
import java.util.List;

/** Events, a line each. Pure. */
final class EventTable {
    private EventTable() {}

    /** The last {@code n} of them. */
    static String of(List<ConnectionEvent> events, int n) {
        if (events.isEmpty()) {
            return "There are no events.";
        }
        Table table = new Table("time", "client", "#", "event", "incarnation", "connection", "details");
        events.subList(Math.max(0, events.size() - n), events.size()).forEach(e -> table.row(row(e)));
        return table.toString();
    }

    private static List<String> row(ConnectionEvent e) {
        return List.of(
                Format.time(e.at()),
                Format.text(e.clientId()),
                Long.toString(e.number()),
                e.type().name(),
                Long.toString(e.incarnation()),
                Long.toString(e.connection()),
                details(e));
    }

    private static String details(ConnectionEvent e) {
        List<String> parts = new ArrayList<>();
        if (e.type() == ConnectionEvent.Type.RECONNECTING) {
            parts.add("in " + Format.duration(e.delay()) + ", attempt " + e.attempt());
        }
        e.cause().ifPresent(c -> parts.add(Format.text(c.toString())));
        return parts.isEmpty() ? Format.NOTHING : String.join(", ", parts);
    }
}
