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
    /** How often a silent channel is subscribed anew before it is an alarm. */
    static final int FRUITLESS = 3;

    private static final int MOST_DOUBLINGS = 5;

    /** One call to be made. */
    public record Batch(boolean subscribe, int phase, List<String> channels) {
        public Batch {
            channels = List.copyOf(channels);
        }
    }

    private static final class Channel {
        private final ChannelSpec spec;
        private State state = State.DESIRED;
        private String reason = "";
        private boolean wanted = true;

        /** Still subscribed at the server, and to be given back before anything else. */
        private boolean toReturn;

        private boolean underWay;

        /** To be subscribed anew as soon as it is subscribed. */
        private boolean renewThen;

        private boolean answered;

        /** Not asked for before. */
        private long notBefore;

        private int refusals;
        private int fruitless;
        private long acknowledgedAt;
        private long renewedAt;
        private boolean renewed;

        private Channel(ChannelSpec spec, long now) {
            this.spec = spec;
            this.notBefore = now;
        }
    }

    private final Map<String, Channel> channels = new LinkedHashMap<>();
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
        Channel known = channels.get(spec.name());
        if (known != null) {
            known.wanted = true;
            return;
        }
        channels.put(spec.name(), new Channel(spec, now));
        changed.add(spec.name());
    }

    public void unwant(String name) {
        Channel c = channels.get(name);
        if (c == null) {
            return;
        }
        c.wanted = false;
        boolean held = subscribed(c) || c.underWay;
        c.toReturn = held;
        if (!held) {
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
            Channel c = channels.get(spec.name());
            if (c == null) {
                // Not wanted any more since the address was made.
                c = new Channel(spec, now);
                c.wanted = false;
                c.toReturn = true;
                channels.put(spec.name(), c);
            }
            c.answered = true;
            c.acknowledgedAt = now;
            set(c, State.ACKNOWLEDGED, "");
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
                Channel c = channels.get(name);
                c.underWay = true;
                listed.remove(name);
                if (batch.subscribe()) {
                    set(c, State.REQUESTED, "");
                }
            }
        }
        return batch;
    }

    private Batch batch(boolean subscribe, int phase, long now) {
        List<String> names = new ArrayList<>();
        int bytes = 0;
        int room = subscribe ? most - held() : Integer.MAX_VALUE;
        for (Channel c : channels.values()) {
            if (subscribe && names.size() >= room && c.spec.phase() == phase && asks(c, now)) {
                noRoom(c);
                continue;
            }
            if (c.spec.phase() != phase || !(subscribe ? asks(c, now) : c.toReturn && now - c.notBefore >= 0)) {
                continue;
            }
            int length = c.spec.name().length() * 3 + 3;
            if (names.size() == Math.min(mostAtOnce, perCall) || !names.isEmpty() && bytes + length > bytesPerCall) {
                break;
            }
            bytes += length;
            names.add(c.spec.name());
        }
        return names.isEmpty() ? null : new Batch(subscribe, phase, names);
    }

    private int held() {
        return most == Integer.MAX_VALUE
                ? 0
                : (int) channels.values().stream()
                        .filter(c -> subscribed(c) || c.underWay || c.toReturn)
                        .count();
    }

    /** Asked for as soon as another is given back. */
    private void noRoom(Channel c) {
        if (c.state != State.REFUSED) {
            c.answered = true;
            set(c, State.REFUSED, "a connection has at most " + most + " channels");
        }
    }

    private boolean asks(Channel c, long now) {
        if (!c.wanted || c.toReturn || c.underWay || subscribed(c) || now - c.notBefore < 0) {
            return false;
        }
        if (c.spec.needsLogIn() && !loggedIn) {
            if (c.state != State.REFUSED) {
                c.answered = true;
                set(c, State.REFUSED, "needs a log-in, and there is none");
            }
            return false;
        }
        return true;
    }

    private static boolean subscribed(Channel c) {
        return c.state == State.ACKNOWLEDGED || c.state == State.STALE;
    }

    // --- what came of it

    /** @param accepted those of the batch that the server took, or has given back */
    public void answered(Batch batch, Collection<String> accepted, long now) {
        Set<String> taken = Set.copyOf(accepted);
        underWay = false;
        mostAtOnce = perCall;
        for (String name : batch.channels()) {
            Channel c = channels.get(name);
            if (c == null) {
                continue;
            }
            c.underWay = false;
            if (batch.subscribe()) {
                subscribeAnswered(c, taken.contains(name), "left out by the server", now);
            } else {
                // What the server does not list was not subscribed: given back either way.
                returned(c, now);
            }
        }
    }

    private void returned(Channel c, long now) {
        c.toReturn = false;
        if (!c.wanted) {
            remove(c.spec.name());
            return;
        }
        c.notBefore = now;
        set(c, State.DESIRED, c.reason);
    }

    private void subscribeAnswered(Channel c, boolean accepted, String otherwise, long now) {
        c.answered = true;
        if (!c.wanted) {
            c.toReturn = accepted;
            if (accepted) {
                set(c, State.ACKNOWLEDGED, "");
            } else {
                remove(c.spec.name());
            }
        } else if (accepted) {
            c.refusals = 0;
            c.acknowledgedAt = now;
            boolean alarm = c.fruitless >= FRUITLESS;
            set(
                    c,
                    alarm ? State.STALE : State.ACKNOWLEDGED,
                    alarm ? "silent although subscribed anew " + c.fruitless + " times" : "");
            if (c.renewThen) {
                c.renewThen = false;
                renew(c.spec.name(), "its beginning is missing", now);
            }
        } else {
            refuse(c, otherwise, now);
        }
    }

    private void refuse(Channel c, String reason, long now) {
        c.notBefore = now + retry.toNanos() * (1L << Math.min(c.refusals, MOST_DOUBLINGS));
        c.refusals++;
        set(c, State.REFUSED, reason);
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
            Channel c = channels.get(name);
            if (c == null) {
                continue;
            }
            c.underWay = false;
            if (!batch.subscribe()) {
                c.notBefore = now + retry.toNanos();
            } else if (single) {
                subscribeAnswered(c, false, reason, now);
            } else {
                set(c, State.DESIRED, "");
            }
        }
    }

    /** The same channels are asked for again, not before some time has passed. */
    public void postponed(Batch batch, Duration pause, long now) {
        underWay = false;
        for (String name : batch.channels()) {
            Channel c = channels.get(name);
            if (c != null) {
                c.underWay = false;
                c.notBefore = now + (pause.isZero() ? retry : pause).toNanos();
                if (batch.subscribe()) {
                    set(c, State.DESIRED, "");
                }
            }
        }
    }

    // --- what happens to them later

    /** Messages are missing: give back and ask again, for that is what brings a snapshot. Paced. */
    public void renew(String name, String reason, long now) {
        Channel c = channels.get(name);
        if (c != null && c.underWay && !c.toReturn) {
            c.renewThen = true;
            return;
        }
        if (c == null || !subscribed(c) || c.toReturn) {
            return;
        }
        c.toReturn = true;
        c.notBefore = c.renewed && now - c.renewedAt < retry.toNanos() ? c.renewedAt + retry.toNanos() : now;
        c.renewed = true;
        c.renewedAt = c.notBefore;
        c.reason = reason;
        changed.add(name);
    }

    /** The server ended them by itself, or they do not hold after another log-in. Paced. */
    public void ended(Collection<String> names, String reason, long now) {
        for (String name : names) {
            Channel c = channels.get(name);
            if (c != null && subscribed(c)) {
                c.toReturn = false;
                c.notBefore = c.renewed && now - c.renewedAt < retry.toNanos() ? c.renewedAt + retry.toNanos() : now;
                c.renewed = true;
                c.renewedAt = c.notBefore;
                set(c, State.DESIRED, reason);
                if (!c.wanted) {
                    remove(name);
                }
            }
        }
    }

    /** Another log-in: what is private is asked for again, which does no harm where it still holds. */
    public void loggedInAgain(long now) {
        List<String> names = channels.values().stream()
                .filter(c -> c.spec.phase() == SetupStep.PRIVATE_SUBSCRIPTIONS)
                .map(c -> c.spec.name())
                .toList();
        for (String name : names) {
            Channel c = channels.get(name);
            if (subscribed(c) && c.wanted && !c.toReturn) {
                c.notBefore = now;
                set(c, State.DESIRED, "");
            }
        }
    }

    /** The server is asked what there is. */
    public void listing() {
        listed.clear();
        listed.addAll(acknowledged());
    }

    /** The server has said what there is. */
    public void listed(Collection<String> there, long now) {
        Set<String> have = Set.copyOf(there);
        for (String name : listed) {
            Channel c = channels.get(name);
            if (c != null && c.wanted && subscribed(c) && !c.toReturn && !have.contains(name)) {
                refuse(c, "acknowledged, but not in the server's list", now);
            }
        }
        listed.clear();
    }

    /** Messages are missing: what can be healed by asking again is asked for again. */
    public void gap(String name, String reason, long now) {
        Channel c = channels.get(name);
        if (c != null
                && c.spec.sequence()
                        .filter(r -> r.remedy() == SequenceRule.Remedy.RESUBSCRIBE)
                        .isPresent()) {
            renew(name, reason, now);
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
        for (Channel c : channels.values()) {
            if (c.spec.silence().isZero() || !subscribed(c) || c.toReturn || !c.wanted) {
                continue;
            }
            long last = lastMessage.applyAsLong(c.spec.name());
            boolean heard = last != Long.MIN_VALUE && last - c.acknowledgedAt >= 0;
            if (heard && c.fruitless > 0) {
                c.fruitless = 0;
                set(c, State.ACKNOWLEDGED, "");
            }
            if (now - since(c, last, grace) < c.spec.silence().toNanos()) {
                continue;
            }
            c.fruitless = heard ? 1 : c.fruitless + 1;
            if (c.fruitless == FRUITLESS) {
                alarms.add(c.spec.name());
            }
            renew(c.spec.name(), "silent", now);
        }
        return alarms;
    }

    private static long since(Channel c, long last, long grace) {
        long since = last != Long.MIN_VALUE && last - c.acknowledgedAt > 0 ? last : c.acknowledgedAt;
        return grace - since > 0 ? grace : since;
    }

    // --- asked

    /** Whether every wanted channel was answered for once. */
    public boolean settled() {
        return !underWay && channels.values().stream().noneMatch(c -> c.wanted && !c.answered);
    }

    public State state(String name) {
        Channel c = channels.get(name);
        return c == null ? null : c.state;
    }

    public String reason(String name) {
        Channel c = channels.get(name);
        return c == null ? "" : c.reason;
    }

    /** Those the server said to have. */
    public List<String> acknowledged() {
        return channels.values().stream()
                .filter(Subscriptions::subscribed)
                .map(c -> c.spec.name())
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
        boolean full = held() >= most;
        for (Channel c : channels.values()) {
            boolean asks = c.wanted && !subscribed(c) && !c.underWay && !(c.spec.needsLogIn() && !loggedIn);
            boolean waits = c.toReturn || asks && !full;
            if (waits && !underWay) {
                next = Math.min(next, Math.max(1, c.notBefore - now));
            } else if (!c.spec.silence().isZero() && subscribed(c) && !c.toReturn) {
                long since = since(c, lastMessage.applyAsLong(c.spec.name()), grace);
                next = Math.min(next, Math.max(1, c.spec.silence().toNanos() - (now - since)));
            }
        }
        return next;
    }

    private void set(Channel c, State state, String reason) {
        c.state = state;
        c.reason = reason;
        changed.add(c.spec.name());
    }
}
