// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.client.exchange.Stream;
import io.holdfast.client.exchange.Streams;
import io.holdfast.client.exchange.Subscriptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The channels a client wants, whatever connection there is, and what is shown of them. Changed by the mailbox; {@link
 * #status} may be asked for from any thread.
 */
final class ExchangeChannels {
    /** @param stream null for a channel that cannot be */
    private record View(State state, String reason, Stream stream, long resubscribed) {}

    final Streams streams = new Streams();

    /** What is wanted; the value is null until the protocol has said what the channel is. */
    private final Map<String, ChannelSpec> wanted = new LinkedHashMap<>();

    private final Map<String, View> views = new ConcurrentHashMap<>();

    /** @return those that were not wanted before */
    List<String> want(Collection<String> names) {
        List<String> fresh =
                names.stream().distinct().filter(n -> !wanted.containsKey(n)).toList();
        for (String name : fresh) {
            wanted.put(name, null);
            views.put(name, new View(State.DESIRED, "", null, 0));
        }
        return fresh;
    }

    /** @return those that were wanted before */
    List<String> unwant(Collection<String> names) {
        List<String> gone =
                names.stream().distinct().filter(wanted::containsKey).toList();
        gone.forEach(wanted::remove);
        return gone;
    }

    /** Those of which the protocol has not said yet what they are. */
    List<String> unknown() {
        return wanted.entrySet().stream()
                .filter(e -> e.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Of all that are shown. */
    List<String> names() {
        return List.copyOf(views.keySet());
    }

    List<ChannelSpec> known() {
        return wanted.values().stream().filter(s -> s != null).toList();
    }

    /** Another protocol: everything is asked for again. */
    void forgetSpecs() {
        wanted.replaceAll((name, spec) -> null);
    }

    /** @return whether it is still wanted */
    boolean specify(ChannelSpec spec) {
        return wanted.containsKey(spec.name()) && wanted.replace(spec.name(), null, spec);
    }

    /** There can be no such channel. */
    void impossible(String name, String reason) {
        if (wanted.containsKey(name)) {
            views.put(name, new View(State.REFUSED, reason, null, 0));
        }
    }

    /** A session is over: what is wanted is to be asked for again, the rest is nothing to anybody. */
    void sessionOver() {
        views.keySet().stream().filter(n -> !wanted.containsKey(n)).toList().forEach(this::forget);
        wanted.forEach((name, spec) -> {
            if (spec != null) {
                show(name, State.DESIRED, "");
            }
        });
    }

    /** What a session says of these channels. @return those that are forgotten, as they were given back */
    List<Stream> changed(Subscriptions subscriptions, Collection<String> names) {
        List<Stream> gone = new ArrayList<>(0);
        for (String name : names) {
            State state = subscriptions.state(name);
            if (state != null) {
                show(name, state, subscriptions.reason(name));
            } else if (!wanted.containsKey(name)) {
                Stream stream = forget(name);
                if (stream != null) {
                    gone.add(stream);
                }
            }
        }
        return gone;
    }

    private void show(String name, State state, String reason) {
        View before = views.get(name);
        Stream stream = streams.get(name);
        if (before == null
                || !before.state().equals(state)
                || !before.reason().equals(reason)
                || before.stream() != stream) {
            views.put(name, new View(state, reason, stream, before == null ? 0 : before.resubscribed()));
        }
    }

    private Stream forget(String name) {
        views.remove(name);
        return streams.forget(name);
    }

    void resubscribed(String name) {
        views.computeIfPresent(name, (n, v) -> new View(v.state(), v.reason(), v.stream(), v.resubscribed() + 1));
    }

    /** Forgets channels that are wanted no more and were not asked for. */
    void forgetUnasked(Collection<String> names) {
        names.stream().filter(n -> !wanted.containsKey(n)).forEach(this::forget);
    }

    /** @param connection the one that is set up, 0 for none */
    List<ChannelStatus> status(long connection, long now) {
        Map<String, ChannelStatus> sorted = new TreeMap<>();
        views.forEach((name, view) -> sorted.put(name, status(name, view, connection, now)));
        return List.copyOf(sorted.values());
    }

    private static ChannelStatus status(String name, View view, long connection, long now) {
        Stream s = view.stream();
        boolean proven = view.state() == State.ACKNOWLEDGED
                && s != null
                && connection > 0
                && s.lastOn(connection) != Long.MIN_VALUE;
        Optional<Duration> ago = s == null || s.lastAt() == Long.MIN_VALUE
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, now - s.lastAt())));
        return new ChannelStatus(
                name,
                proven ? State.PROVEN : view.state(),
                view.reason(),
                ago,
                s == null ? 0 : s.gaps(),
                view.resubscribed());
    }
}
