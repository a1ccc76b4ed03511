// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatHooks;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.heartbeat.HeartbeatState;
import io.holdfast.api.heartbeat.HookVerdict;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.engine.PluginLane.Result;
import io.holdfast.client.engine.PluginRegistry.Plugin;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One client's heartbeat: which plugin is bound, which profile is in force, who is quarantined. The last profile stays in
 * force when its plugin leaves. Confined to the mailbox, but for the registry's calls, which post.
 */
final class HeartbeatBinding implements PluginRegistry.Subscriber {
    /** Called on the mailbox. */
    interface Owner {
        /** Another profile is in force. */
        void profile(HeartbeatProfile profile, String pluginName);

        /** The plugin left; its profile stays. */
        void degraded(String why);

        void fault(String what);

        Optional<HeartbeatState> living();
    }

    static final String NONE = "none";
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

    private final String clientId;
    private final PluginRegistry<HeartbeatFactory> registry;
    private final Environment environment;
    private final Executor mailbox;
    private final PluginLane lane;
    private final Supplier<ClientOptions> options;
    private final Owner owner;

    private Optional<Plugin<HeartbeatFactory>> bound = Optional.empty();
    private Optional<HeartbeatHooks> hooks = Optional.empty();
    private ProfilePool.Ready inForce;
    private boolean known;
    private PluginFaults faults = PluginFaults.NONE;
    private Cancellable retry = Cancellable.NONE;
    private boolean ended;

    HeartbeatBinding(
            String clientId,
            PluginRegistry<HeartbeatFactory> registry,
            Environment environment,
            Executor mailbox,
            PluginLane lane,
            Supplier<ClientOptions> options,
            Owner owner) {
        this.clientId = clientId;
        this.registry = registry;
        this.environment = environment;
        this.mailbox = mailbox;
        this.lane = lane;
        this.options = options;
        this.owner = owner;
        this.inForce = registry.profiles().of(fallback(options.get().heartbeatType()));
        this.known = !needsPlugin(options.get());
    }

    /** What is done until a plugin says better: ping frames when nothing comes, as every RFC 6455 peer answers them. */
    private static HeartbeatProfile fallback(String type) {
        HeartbeatProfile nothing = HeartbeatProfile.of(type.isEmpty() ? "ping" : type);
        if (type.equals(NONE)) {
            return nothing;
        }
        return nothing.withBeat(new ClientBeat(
                ClientBeat.Kind.PING_FRAME,
                "",
                PING_INTERVAL,
                ClientBeat.Basis.QUIET_INBOUND,
                Optional.empty(),
                PING_TIMEOUT,
                1));
    }

    private static boolean needsPlugin(ClientOptions options) {
        return !options.heartbeatType().isEmpty() && !options.heartbeatType().equals(NONE);
    }

    void begin() {
        if (needsPlugin(options.get())) {
            registry.subscribe(options.get().heartbeatType(), this);
        }
    }

    /** The client's options changed. */
    void optionsChanged(ClientOptions before) {
        ClientOptions now = options.get();
        if (!before.heartbeatType().equals(now.heartbeatType())) {
            registry.unsubscribe(this);
            retry.cancel();
            bound = Optional.empty();
            hooks = Optional.empty();
            faults = PluginFaults.NONE;
            inForce = registry.profiles().of(fallback(now.heartbeatType()));
            known = !needsPlugin(now);
            owner.profile(profile(), "engine");
            begin();
        } else if (!before.heartbeatOptions().equals(now.heartbeatOptions())) {
            faults = faults.pardoned();
            open();
        }
    }

    HeartbeatProfile profile() {
        return inForce.profile();
    }

    /** That profile with its patterns made ready. */
    ProfilePool.Ready inForce() {
        return inForce;
    }

    /** Whether the profile in force is what the options ask for, a plugin's if they name one. */
    boolean known() {
        return known;
    }

    boolean bound() {
        return bound.isPresent() && !faults.quarantined();
    }

    boolean quarantined() {
        return faults.quarantined();
    }

    String lastFault() {
        return faults.last();
    }

    void end() {
        ended = true;
        registry.unsubscribe(this);
        retry.cancel();
        bound = Optional.empty();
        hooks = Optional.empty();
    }

    @Override
    public void changed() {
        // Asked for here, in one order: with two changes at once the last word must be the true one.
        mailbox.execute(() -> bind(registry.best(options.get().heartbeatType())));
    }

    @Override
    public void awaitLeft(long deadlineNanos) {
        lane.awaitLeft(deadlineNanos);
    }

    private void bind(Optional<Plugin<HeartbeatFactory>> plugin) {
        if (ended || !needsPlugin(options.get()) || bound.equals(plugin)) {
            return;
        }
        retry.cancel();
        bound = plugin;
        hooks = Optional.empty();
        faults = PluginFaults.NONE;
        if (plugin.isPresent()) {
            open();
        } else {
            owner.degraded(
                    known ? "the plugin left; its last profile stays in force" : "there is no plugin of this type");
        }
    }

    private void open() {
        if (bound.isEmpty()) {
            return;
        }
        Plugin<HeartbeatFactory> plugin = bound.get();
        Optional<HeartbeatState> living = owner.living();
        Map<String, String> raw = options.get().heartbeatOptions();
        lane.call(
                "open of the heartbeat plugin",
                options.get().pluginLimit(),
                () -> offer(plugin, raw, living),
                (Result<Offer> result) -> opened(plugin, result));
    }

    /** What a plugin made of the options: a heartbeat, or nothing and why. */
    private record Offer(Heartbeat heartbeat, String rejection) {}

    private Offer offer(Plugin<HeartbeatFactory> plugin, Map<String, String> raw, Optional<HeartbeatState> living) {
        HeartbeatFactory factory = plugin.factory().orElseThrow(() -> new IllegalStateException("the plugin left"));
        try {
            HeartbeatContext context =
                    new HeartbeatContext(clientId, factory.options().parse(raw));
            Heartbeat made = living.isPresent() ? factory.resume(context, living.get()) : factory.open(context);
            return new Offer(made, made == null ? "the plugin gave no heartbeat" : "");
        } catch (InvalidOptionException e) {
            return new Offer(null, e.getMessage());
        }
    }

    private void opened(Plugin<HeartbeatFactory> plugin, Result<Offer> result) {
        if (ended || bound.isEmpty() || bound.get() != plugin) {
            return;
        }
        if (result instanceof Result.Fault<Offer> f) {
            fault("open", f.description(), this::open);
        } else if (result instanceof Result.Value<Offer> v && v.value().heartbeat() != null) {
            faults = PluginFaults.NONE;
            hooks = v.value().heartbeat().hooks();
            inForce = registry.profiles().of(v.value().heartbeat().profile());
            known = true;
            owner.profile(profile(), plugin.name());
        } else if (result instanceof Result.Value<Offer> v) {
            // Trying again would give the same: the profile in force stays until the options or the plugin change.
            faults = faults.noted(v.value().rejection());
            owner.fault(faults.last());
        }
    }

    private void fault(String function, String description, Runnable again) {
        faults = faults.and(function, description);
        if (faults.quarantined()) {
            hooks = Optional.empty();
        } else {
            retry = environment.schedule(PluginFaults.RETRY.toNanos(), () -> mailbox.execute(again));
        }
        owner.fault(faults.text());
    }

    /** A frame that only the plugin's code understands. */
    void hook(String pattern, String frame, Consumer<HookVerdict> onVerdict) {
        if (hooks.isEmpty() || faults.quarantined() || bound.isEmpty()) {
            return;
        }
        Plugin<HeartbeatFactory> plugin = bound.get();
        HeartbeatHooks code = hooks.get();
        String what = "hook '" + pattern + "'";
        lane.call(
                what,
                options.get().pluginLimit(),
                () -> {
                    if (plugin.factory().isEmpty()) {
                        // Its going waits only for calls that have begun.
                        throw new IllegalStateException("the plugin left");
                    }
                    return code.onFrame(pattern, frame);
                },
                (Result<HookVerdict> result) -> {
                    if (ended || bound.isEmpty() || bound.get() != plugin) {
                        return;
                    }
                    if (result instanceof Result.Value<HookVerdict> v && v.value() != null) {
                        faults = faults.wentWell(what);
                        onVerdict.accept(v.value());
                    } else {
                        fault(
                                what,
                                result instanceof Result.Fault<HookVerdict> f
                                        ? f.description()
                                        : "the hook gave no verdict",
                                () -> {});
                    }
                });
    }
}
