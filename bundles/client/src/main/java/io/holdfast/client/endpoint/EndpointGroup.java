// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** One group: its budget, who waits, its ban and its timer. Guarded by the lock of {@link EndpointGroups}. */
final class EndpointGroup {
    private final String id;
    private final AttemptBudget budget;

    /** Waiting tickets by client; their order is the budget's. */
    private final Map<String, Ticket> waiting = new HashMap<>();

    private Optional<EndpointGroupOptions> options;
    private Optional<Bans.Active> ban = Optional.empty();
    private Optional<Cancellable> timer = Optional.empty();
    private long timerAt;

    EndpointGroup(String id, Optional<EndpointGroupOptions> options, long now) {
        this.id = id;
        this.options = options;
        this.budget =
                new AttemptBudget(options.map(EndpointGroupOptions::policy).orElse(AttemptPolicy.DEFAULT), now);
    }

    String id() {
        return id;
    }

    AttemptBudget budget() {
        return budget;
    }

    Optional<EndpointGroupOptions> options() {
        return options;
    }

    void change(EndpointGroupOptions newOptions, long now) {
        options = Optional.of(newOptions);
        budget.change(newOptions.policy(), now);
    }

    /** Counts a granted ticket, queues a waiting one; returns the ticket of the same client it replaces, whose place it takes. */
    Optional<Ticket> admit(Ticket ticket, long now) {
        if (ticket.state == Ticket.State.OPEN) {
            budget.opened(ticket.clientId);
            return Optional.empty();
        }
        budget.request(ticket.clientId, ticket.wasStable, now);
        return Optional.ofNullable(waiting.put(ticket.clientId, ticket));
    }

    void withdraw(Ticket ticket) {
        if (ticket.state == Ticket.State.OPEN) {
            budget.connectionEnded(ticket.clientId);
        } else if (waiting.remove(ticket.clientId, ticket)) {
            budget.cancel(ticket.clientId);
        }
    }

    List<Ticket> takeGrants(long now) {
        List<Ticket> granted = new ArrayList<>();
        for (String clientId : budget.grants(now)) {
            Ticket ticket = waiting.remove(clientId);
            ticket.state = Ticket.State.OPEN;
            ticket.countedAt = now;
            granted.add(ticket);
        }
        return granted;
    }

    void ban(Bans.Active newBan) {
        budget.ban(newBan.untilNanos());
        if (ban.isEmpty() || newBan.untilNanos() - ban.get().untilNanos() > 0) {
            ban = Optional.of(newBan);
        }
    }

    Optional<BanInfo> banInfo(long now) {
        return ban.filter(b -> b.untilNanos() - now > 0)
                .map(b -> new BanInfo(
                        id,
                        b.ban().until(),
                        Duration.ofNanos(b.untilNanos() - now),
                        b.ban().cause()));
    }

    /** Sets the timer for the next moment something can be granted, or none; {@code wake} gets that moment. */
    void arm(Environment environment, long now, LongConsumer wake) {
        OptionalLong next = budget.nextChange(now);
        if (timer.isPresent() && next.isPresent() && next.getAsLong() == timerAt) {
            return;
        }
        disarm();
        if (next.isPresent()) {
            long at = next.getAsLong();
            timerAt = at;
            timer = Optional.of(environment.schedule(at - now, () -> wake.accept(at)));
        }
    }

    /** The timer set for that moment has fired; a later one stays. */
    void fired(long at) {
        if (at == timerAt) {
            timer = Optional.empty();
        }
    }

    void disarm() {
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }

    GroupStatus status(long now) {
        return new GroupStatus(
                id,
                options.isPresent(),
                options.map(EndpointGroupOptions::hostPatterns).orElse(List.of()),
                budget.policy(),
                budget.grantedInWindow(now),
                budget.waiting(),
                budget.open(),
                budget.burstTokens(now),
                banInfo(now));
    }
}
