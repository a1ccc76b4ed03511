// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Preparation;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.engine.PluginLane.Result;
import io.holdfast.client.engine.PluginRegistry.Plugin;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One client's exchange plugin: which is bound, its protocol, who is quarantined. Its functions are called in the plugin lane
 * only. Confined to the mailbox, but for the registry's calls, which post.
 */
final class ExchangeBinding implements PluginRegistry.Subscriber {
    /** Called on the mailbox. */
    interface Owner {
        /** A protocol is there; its profile may be another one. */
        void bound(ExchangeProfile profile, String pluginName);

        void fault(String what);
    }

    private static final String OPEN = "open";
    private static final String PREPARATION = "preparation";

    /** Follows a function where humans read of it. */
    static final String OF_PLUGIN = " of the exchange plugin";

    private final String clientId;
    private final PluginRegistry<ExchangeFactory> registry;
    private final Environment environment;
    private final Executor mailbox;
    private final PluginLane lane;
    private final PluginLane preparing;
    private final Supplier<ClientOptions> options;
    private final Owner owner;

    private Optional<Plugin<ExchangeFactory>> plugin = Optional.empty();
    private Optional<Bound> bound = Optional.empty();
    private boolean prepares;
    private PluginFaults faults = PluginFaults.NONE;
    private Cancellable retry = () -> {};
    private boolean ended;

    ExchangeBinding(
            String clientId,
            PluginRegistry<ExchangeFactory> registry,
            Environment environment,
            Executor mailbox,
            PluginLane lane,
            PluginLane preparing,
            Supplier<ClientOptions> options,
            Owner owner) {
        this.clientId = clientId;
        this.registry = registry;
        this.environment = environment;
        this.mailbox = mailbox;
        this.lane = lane;
        this.preparing = preparing;
        this.options = options;
        this.owner = owner;
    }

    void begin() {
        registry.subscribe(options.get().exchangeType(), this);
    }

    void reopen() {
        faults = faults.pardoned();
        open();
    }

    void end() {
        ended = true;
        registry.unsubscribe(this);
        retry.cancel();
        plugin = Optional.empty();
        bound = Optional.empty();
    }

    boolean bound() {
        return bound.isPresent();
    }

    /** What functions are asked of now; another object with every protocol that is opened. */
    Optional<Bound> now() {
        return bound;
    }

    /** Whether the last protocol there was prepares connections. */
    boolean prepares() {
        return prepares;
    }

    boolean quarantined() {
        return faults.quarantined();
    }

    String lastFault() {
        return faults.last();
    }

    @Override
    public void changed() {
        mailbox.execute(() -> bind(registry.best(options.get().exchangeType())));
    }

    @Override
    public void awaitLeft(long deadlineNanos) {
        lane.awaitLeft(deadlineNanos);
        preparing.awaitLeft(deadlineNanos);
    }

    private void bind(Optional<Plugin<ExchangeFactory>> best) {
        if (ended || plugin.equals(best)) {
            return;
        }
        retry.cancel();
        plugin = best;
        bound = Optional.empty();
        faults = PluginFaults.NONE;
        if (best.isPresent()) {
            open();
        } else {
            owner.fault("the plugin left");
        }
    }

    /** A protocol that can be asked. */
    record Bound(
            Plugin<ExchangeFactory> from,
            ExchangeProtocol protocol,
            Optional<Preparation> preparation,
            AtomicBoolean quarantined) {
        /** For any thread: whether the plugin was taken away, or is asked no more. */
        boolean gone() {
            return quarantined.get() || from.factory().isEmpty();
        }
    }

    private record Offer(Bound bound, ExchangeProfile profile, String rejection) {}

    private void open() {
        if (plugin.isEmpty()) {
            return;
        }
        Plugin<ExchangeFactory> from = plugin.get();
        ClientOptions now = options.get();
        retry.cancel();
        lane.call(
                OPEN + OF_PLUGIN,
                now.pluginLimit(),
                () -> offer(from, now),
                (Result<Offer> result) -> opened(from, result));
    }

    private Offer offer(Plugin<ExchangeFactory> from, ClientOptions now) {
        ExchangeFactory factory = from.factory().orElseThrow(() -> new IllegalStateException("the plugin left"));
        try {
            ExchangeContext context =
                    new ExchangeContext(clientId, now.uri(), factory.options().parse(now.exchangeOptions()));
            ExchangeProtocol made = factory.open(context);
            return new Offer(new Bound(from, made, made.preparation(), new AtomicBoolean()), made.profile(), "");
        } catch (InvalidOptionException e) {
            return new Offer(null, null, e.getMessage());
        }
    }

    private void opened(Plugin<ExchangeFactory> from, Result<Offer> result) {
        if (ended || plugin.isEmpty() || plugin.get() != from) {
            return;
        }
        if (result instanceof Result.Value<Offer> v && v.value().bound() != null) {
            faults = PluginFaults.NONE;
            bound = Optional.of(v.value().bound());
            prepares = v.value().bound().preparation().isPresent();
            owner.bound(v.value().profile(), from.name());
        } else if (result instanceof Result.Value<Offer> v) {
            // Trying again would give the same: the protocol in force, if any, stays until the options or the plugin
            // change.
            faults = faults.noted(v.value().rejection());
            owner.fault(faults.last());
        } else if (result instanceof Result.Fault<Offer> f) {
            fault(OPEN, f.description());
            if (!faults.quarantined()) {
                retry.cancel();
                retry = environment.schedule(PluginFaults.RETRY.toNanos(), () -> mailbox.execute(this::openAgain));
            }
        }
    }

    private void openAgain() {
        if (!faults.quarantined()) {
            open();
        }
    }

    private void fault(String function, String description) {
        faults = faults.and(function, description);
        if (faults.quarantined()) {
            // What waits in the lanes is not asked any more either.
            bound.ifPresent(b -> b.quarantined().set(true));
            bound = Optional.empty();
            retry.cancel();
        }
        owner.fault(faults.text());
    }

    /** A preparation by what was bound then returned. */
    void prepared(Bound of) {
        if (!ended && isBound(of.from())) {
            faults = faults.wentWell(PREPARATION);
        }
    }

    /** A preparation by what was bound then did not return. */
    void hung(Bound of, String description) {
        if (!ended && isBound(of.from())) {
            fault(PREPARATION, description);
        }
    }

    private boolean isBound(Plugin<ExchangeFactory> from) {
        return plugin.isPresent() && plugin.get() == from;
    }

    /**
     * Calls a function of the protocol.
     *
     * @param refusal told when the protocol refuses by {@link IllegalArgumentException}, with its text; when there is none or it
     *     failed, with what happened
     * @param left runs instead when it came to nothing and that plugin is asked no more, as it was taken away, replaced or
     *     quarantined meanwhile
     */
    <T> void call(
            String what,
            Duration limit,
            Function<ExchangeProtocol, T> function,
            Consumer<T> value,
            Consumer<String> refusal,
            Runnable left) {
        if (bound.isEmpty()) {
            refusal.accept(away());
            return;
        }
        call(what, limit, true, function, value, refusal, left);
    }

    /** The same for a question that is asked again by itself, or may be lost. */
    <T> void call(
            String what,
            Duration limit,
            Function<ExchangeProtocol, T> function,
            Consumer<T> value,
            Consumer<String> refusal) {
        call(what, limit, function, value, refusal, () -> refusal.accept(away()));
    }

    /**
     * The same for a question that is asked again less and less often: that it fails, unless it hangs, is not held against the
     * plugin, without which nothing else would be answered.
     */
    <T> void callPatiently(
            String what,
            Duration limit,
            Function<ExchangeProtocol, T> function,
            Consumer<T> value,
            Consumer<String> refusal) {
        if (bound.isEmpty()) {
            refusal.accept(away());
            return;
        }
        call(what, limit, false, function, value, refusal, () -> refusal.accept(away()));
    }

    private <T> void call(
            String what,
            Duration limit,
            boolean counts,
            Function<ExchangeProtocol, T> function,
            Consumer<T> value,
            Consumer<String> refusal,
            Runnable left) {
        Bound now = bound.orElseThrow();
        lane.call(
                what + OF_PLUGIN,
                limit,
                () -> ask(now, function),
                (Result<Said<T>> result) -> said(what, now.from(), counts, result, value, refusal, left));
    }

    /** Why a question came to nothing, or cannot be asked. */
    private String away() {
        if (faults.quarantined()) {
            return "the exchange plugin is quarantined";
        }
        return bound.isPresent() && !bound.get().gone()
                ? "the exchange plugin was replaced"
                : "there is no exchange plugin of the type '" + options.get().exchangeType() + "'";
    }

    /** @param asked false if it was not, as the plugin is asked no more */
    private record Said<T>(boolean asked, T value, String refusal) {}

    private static <T> Said<T> ask(Bound now, Function<ExchangeProtocol, T> function) {
        if (now.gone()) {
            // Its going waits only for calls that have begun.
            return new Said<>(false, null, "");
        }
        try {
            T value = function.apply(now.protocol());
            if (value == null) {
                throw new IllegalStateException("the plugin gave nothing");
            }
            return new Said<>(true, value, "");
        } catch (IllegalArgumentException e) {
            return new Said<>(true, null, Text.shown(String.valueOf(e.getMessage())));
        }
    }

    private <T> void said(
            String function,
            Plugin<ExchangeFactory> from,
            boolean counts,
            Result<Said<T>> result,
            Consumer<T> value,
            Consumer<String> refusal,
            Runnable left) {
        if (ended) {
            return;
        }
        boolean same = isBound(from);
        if (result instanceof Result.Value<Said<T>> v) {
            faults = same && v.value().asked() ? faults.wentWell(function) : faults;
            if (v.value().value() != null) {
                value.accept(v.value().value());
            } else if (same && v.value().asked()) {
                refusal.accept(v.value().refusal());
            } else {
                left.run();
            }
        } else if (result instanceof Result.Fault<Said<T>> f) {
            if (same && (counts || f.hangs())) {
                fault(function, f.description());
            } else if (same && !faults.quarantined() && !f.description().equals(faults.last())) {
                faults = faults.noted(f.description());
                owner.fault(faults.text());
            }
            if (same && !faults.quarantined()) {
                refusal.accept(f.description());
            } else {
                left.run();
            }
        }
    }
}
