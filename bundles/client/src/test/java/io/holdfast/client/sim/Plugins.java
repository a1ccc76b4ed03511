// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatState;
import io.holdfast.api.options.OptionSet;
import io.holdfast.client.engine.PluginRegistry;
import io.holdfast.client.sim.deribit.PreparingExchange;
import io.holdfast.exchange.deribit.DeribitExchange;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import io.holdfast.heartbeat.generic.GenericHeartbeat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The shipped heartbeat plugins, coming and going as their bundles are updated. */
final class Plugins {
    private final PluginRegistry<HeartbeatFactory> registry;
    private final Deque<HeartbeatFactory> deribit = new ArrayDeque<>();
    private final HeartbeatFactory generic = new GenericHeartbeat();
    private final PluginRegistry<ExchangeFactory> exchanges;
    private final Deque<List<ExchangeFactory>> exchange = new ArrayDeque<>();
    private final SimulatedDesk desk;
    final PluginTrouble trouble;
    private int versions;

    /** Whether the next call into the newest Deribit plugin throws. */
    private boolean throwing;

    /** What the newest Deribit plugin was told of a living connection. */
    private HeartbeatState resumed;

    Plugins(
            PluginRegistry<HeartbeatFactory> registry,
            PluginRegistry<ExchangeFactory> exchanges,
            SimulatedDesk desk,
            PluginTrouble trouble) {
        this.trouble = trouble;
        this.registry = registry;
        this.exchanges = exchanges;
        this.desk = desk;
        registry.add(generic, generic.type(), "generic", 0);
    }

    boolean deribitPresent() {
        return !deribit.isEmpty();
    }

    /** One more version, ranked above those there are. */
    void deribitComes() {
        HeartbeatFactory fresh = new Version(new DeribitHeartbeat());
        versions++;
        deribit.push(fresh);
        registry.add(fresh, fresh.type(), "deribit " + versions, versions);
    }

    void exchangeComes() {
        ExchangeFactory prepared =
                new PreparingExchange(SimulatedDesk.TYPE, "").answering((uri, token) -> desk.ask(uri));
        List<ExchangeFactory> fresh =
                List.of(new TroubledExchange(new DeribitExchange(), trouble), new TroubledExchange(prepared, trouble));
        versions++;
        exchange.push(fresh);
        fresh.forEach(f -> exchanges.add(f, f.type(), "exchange " + versions, versions));
    }

    void exchangeLeaves() {
        if (!exchange.isEmpty()) {
            exchange.pop().forEach(exchanges::remove);
        }
    }

    void formerExchangeLeaves() {
        if (exchange.size() > 1) {
            exchange.removeLast().forEach(exchanges::remove);
        }
    }

    boolean exchangePresent() {
        return !exchange.isEmpty();
    }

    /** The newest version leaves; nothing if there is none. */
    void deribitLeaves() {
        if (!deribit.isEmpty()) {
            registry.remove(deribit.pop());
        }
    }

    /** The oldest version leaves, which an update ranked above it has replaced. */
    void formerDeribitLeaves() {
        if (deribit.size() > 1) {
            registry.remove(deribit.removeLast());
        }
    }

    HeartbeatState resumed() {
        return resumed;
    }

    void deribitThrows(boolean throwsNow) {
        throwing = throwsNow;
    }

    /** A version is an object of its own; the shipped plugin does the work. */
    private final class Version implements HeartbeatFactory {
        private final HeartbeatFactory shipped;

        private Version(HeartbeatFactory shipped) {
            this.shipped = shipped;
        }

        @Override
        public String type() {
            return shipped.type();
        }

        @Override
        public OptionSet options() {
            return shipped.options();
        }

        @Override
        public Heartbeat open(HeartbeatContext context) {
            if (throwing) {
                throw new IllegalStateException("simulated fault of the plugin");
            }
            return shipped.open(context);
        }

        @Override
        public Heartbeat resume(HeartbeatContext context, HeartbeatState state) {
            resumed = state;
            return open(context);
        }
    }
}
