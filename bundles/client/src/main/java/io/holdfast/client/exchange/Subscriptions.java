// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.api.heartbeat.SetupStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The channels of one connection: which are wanted, asked for, acknowledged. One call at a time, so that nothing is asked
 * twice and private channels come before public ones. Pure but for its own state; not thread-safe.
 */
public final class Subscriptions {
    /** One call to be made. */
    public record Batch(boolean subscribe, int phase, List<String> channels) {
        public Batch {
            channels = List.copyOf(channels);
        }
    }

    private final Map<String, Subscription> channels = new LinkedHashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final int perCall;
    private final int bytesPerCall;
    private final Duration retry;
    private final int most;
    private boolean underWay;

    /** Acknowledged when the server was asked what there is, and not touched since: of these alone its list tells. */
    private final Set<String> listed = new LinkedHashSet<>();

    /** Calls that failed as a whole are tried with half as many channels, until the one that spoils them is found. */
    private int mostAtOnce;

    private boolean loggedIn;

    /**
     * @param bytesPerCall how long the names of one call may be together, quotation marks and commas counted
     * @param most how many the connection may have
     */
    public Subscriptions(int perCall, int bytesPerCall, Duration retry, int most) {
        this.perCall = perCall;
        this.bytesPerCall = bytesPerCall;
        this.retry = retry;
        this.most = most;
        this.mostAtOnce = perCall;
    }

    // --- what is wanted

    public void want(ChannelSpec spec, long now) {
        Subscription known = channels.get(spec.name());
        if (known != null) {
            known.want();
            return;
        }
        add(spec, now);
        changed.add(spec.name());
    }

    private Subscription add(ChannelSpec spec, long now) {
        Subscription fresh = new Subscription(spec, retry, changed, now);
        channels.put(spec.name(), fresh);
        return fresh;
    }

    public void unwant(String name) {
        Subscription c = channels.get(name);
        if (c != null && !c.unwant()) {
            remove(name);
        }
    }

    private void remove(String name) {
        channels.remove(name);
        changed.add(name);
    }

    /** The address of the connection named them, and the server took it; whether it has them tells its list, or data. */
    public void inUri(Collection<ChannelSpec> specs, long now) {
        for (ChannelSpec spec : specs) {
            Subscription c = channels.get(spec.name());
            if (c != null) {
                c.inUri(now);
            } else {
                // Not wanted any more since the address was made.
                Subscription over = add(spec, now);
                over.inUri(now);
                over.unwant();
            }
        }
    }

    public void loggedIn(boolean now) {
        loggedIn = now;
    }

    // --- what to do

    /** The next call to be made; null if there is none now. It counts as under way. */
    public Batch next(long now) {
        if (underWay) {
            return null;
        }
        Batch batch = batch(false, SetupStep.PRIVATE_SUBSCRIPTIONS, now);
        batch = batch != null ? batch : batch(false, SetupStep.PUBLIC_SUBSCRIPTIONS, now);
        batch = batch != null ? batch : batch(true, SetupStep.PRIVATE_SUBSCRIPTIONS, now);
        batch = batch != null ? batch : batch(true, SetupStep.PUBLIC_SUBSCRIPTIONS, now);
        if (batch != null) {
            underWay = true;
            for (String name : batch.channels()) {
                listed.remove(name);
                channels.get(name).underWay(batch.subscribe());
            }
        }
        return batch;
    }

    private Batch batch(boolean subscribe, int phase, long now) {
        List<String> names = new ArrayList<>();
        int bytes = 0;
        int room = subscribe ? most - held() : Integer.MAX_VALUE;
        for (Subscription c : channels.values()) {
            if (c.spec().phase() != phase || !(subscribe ? c.asks(loggedIn, now) : c.returns(now))) {
                continue;
            }
            if (names.size() >= room) {
                // Asked for as soon as another is given back.
                c.notAsked("a connection has at most " + most + " channels");
                continue;
            }
            int length = c.spec().name().length() * 3 + 3;
            if (names.size() == Math.min(mostAtOnce, perCall) || !names.isEmpty() && bytes + length > bytesPerCall) {
                break;
            }
            bytes += length;
            names.add(c.spec().name());
        }
        return names.isEmpty() ? null : new Batch(subscribe, phase, names);
    }

    private int held() {
        return most == Integer.MAX_VALUE
                ? 0
                : (int) channels.values().stream()
                        .filter(Subscription::takesRoom)
                        .count();
    }

    // --- what came of it

    /** @param accepted those of the batch that the server took, or has given back */
    public void answered(Batch batch, Collection<String> accepted, long now) {
        Set<String> taken = Set.copyOf(accepted);
        underWay = false;
        mostAtOnce = perCall;
        for (String name : batch.channels()) {
            Subscription c = channels.get(name);
            if (c == null) {
                continue;
            }
            // What the server does not list was not subscribed: given back either way.
            boolean stays = batch.subscribe()
                    ? c.answered(taken.contains(name), "left out by the server", now)
                    : c.returned(now);
            if (!stays) {
                remove(name);
            }
        }
    }

    /**
     * The whole call was refused.
     *
     * @param reason fit to be shown
     */
    public void refused(Batch batch, String reason, long now) {
        underWay = false;
        boolean single = batch.channels().size() == 1;
        mostAtOnce = single ? perCall : (batch.channels().size() + 1) / 2;
        for (String name : batch.channels()) {
            Subscription c = channels.get(name);
            if (c == null) {
                continue;
            }
            if (single && !batch.subscribe() && c.isDoubtful()) {
                // It is not there, as the server says.
                if (!c.returned(now)) {
                    remove(name);
                }
            } else if (!single || !batch.subscribe()) {
                c.again(batch.subscribe(), batch.subscribe() ? 0 : retry.toNanos(), now);
            } else if (!c.answered(false, reason, now)) {
                remove(name);
            }
        }
    }

    /** The same channels are asked for again, not before some time has passed. */
    public void postponed(Batch batch, Duration pause, long now) {
        underWay = false;
        for (String name : batch.channels()) {
            Subscription c = channels.get(name);
            if (c != null) {
                c.again(batch.subscribe(), (pause.isZero() ? retry : pause).toNanos(), now);
            }
        }
    }

    // --- what happens to them later

    /** Messages are missing: give back and ask again, for that is what brings a snapshot. Paced. */
    public void renew(String name, String reason, long now) {
        Subscription c = channels.get(name);
        if (c != null) {
            c.renew(reason, now);
        }
    }

    /** The server ended them by itself. Paced. @return those that are to be asked for again */
    public List<String> ended(Collection<String> names, String reason, long now) {
        List<String> again = new ArrayList<>();
        for (String name : names) {
            Subscription c = channels.get(name);
            if (c != null && c.subscribed()) {
                if (c.ended(reason, now)) {
                    again.add(name);
                } else {
                    remove(name);
                }
            }
        }
        return again;
    }

    /** Another log-in: what is private is asked for again, which does no harm where it still holds. */
    public void loggedInAgain(long now) {
        for (Subscription c : channels.values()) {
            if (c.spec().phase() == SetupStep.PRIVATE_SUBSCRIPTIONS) {
                c.loggedInAgain(now);
            }
        }
    }

    /** The server is asked what there is. */
    public void listing() {
        listed.clear();
        listed.addAll(acknowledged());
    }

    /** The server has said what there is. @return those that are to be asked for again */
    public List<String> listed(Collection<String> there, long now) {
        Set<String> have = Set.copyOf(there);
        List<String> again = new ArrayList<>(0);
        for (String name : listed) {
            Subscription c = channels.get(name);
            if (c != null && c.holds() && !have.contains(name)) {
                c.notListed(now);
                again.add(name);
            }
        }
        listed.clear();
        return again;
    }

    /** Messages are missing: what can be healed by asking again is asked for again. */
    public void gap(String name, String reason, long now) {
        Subscription c = channels.get(name);
        if (c != null
                && c.spec()
                        .sequence()
                        .filter(r -> r.remedy() == SequenceRule.Remedy.RESUBSCRIBE)
                        .isPresent()) {
            c.renew(reason, now);
        }
    }

    /**
     * Renews channels that are silent for too long.
     *
     * @param lastMessage by name, monotonic nanoseconds; {@code Long.MIN_VALUE} for none on this connection
     * @param grace silence before that was ours
     * @return names of those that are an alarm from now on
     */
    public List<String> silent(ToLongFunction<String> lastMessage, long grace, long now) {
        List<String> alarms = new ArrayList<>();
        for (Subscription c : channels.values()) {
            String name = c.spec().name();
            if (c.mustBeHeard() && c.holds() && c.silent(lastMessage.applyAsLong(name), grace, now)) {
                alarms.add(name);
            }
        }
        return alarms;
    }

    // --- asked

    /** Whether every wanted channel was answered for once. */
    public boolean settled() {
        return !underWay && channels.values().stream().noneMatch(Subscription::open);
    }

    public State state(String name) {
        Subscription c = channels.get(name);
        return c == null ? null : c.state();
    }

    public String reason(String name) {
        Subscription c = channels.get(name);
        return c == null ? "" : c.reason();
    }

    /** Those the server said to have. */
    public List<String> acknowledged() {
        return channels.values().stream()
                .filter(Subscription::subscribed)
                .map(c -> c.spec().name())
                .toList();
    }

    /** Names whose state is another one since this was last asked for. */
    public Set<String> takeChanged() {
        Set<String> taken = new LinkedHashSet<>(changed);
        changed.clear();
        return taken;
    }

    /** Nanoseconds until something is to be done, silences included; {@code MAX_VALUE} if nothing is. */
    public long nextDue(ToLongFunction<String> lastMessage, long grace, long now) {
        long next = Long.MAX_VALUE;
        boolean room = held() < most;
        for (Subscription c : channels.values()) {
            if (!underWay && c.waits(loggedIn, room)) {
                next = Math.min(next, c.untilAsked(now));
            } else if (c.mustBeHeard()) {
                long last = lastMessage.applyAsLong(c.spec().name());
                next = Math.min(next, c.untilSilent(last, grace, now));
            }
        }
        return next;
    }
}
