// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.app.account.Accounts;
import io.holdfast.app.account.ClientAccount;
import io.holdfast.app.account.ClientAccount.Arrival;
import io.holdfast.app.demo.Sightings.Sighting;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** Everything the steps of the script act on and look at. Used by the script's thread. */
final class Stage implements AutoCloseable {

    /** Added to each limit of waiting: what comes a little too late is shown with its time, not as missing. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final Duration START = Duration.ofSeconds(60);

    private final Simulator simulator;
    private final Accounts accounts;
    private final Settings settings;
    private final Duration allowance;
    private final CountDownLatch stopped;
    private final Bundles bundles;
    private final Sightings sightings = new Sightings();
    private final ServiceRegistration<ConnectionListener> listening;
    private final ServiceTracker<WebSocketClient, WebSocketClient> clients;
    private final ServiceTracker<Supervisor, Supervisor> supervisors;

    /** The framework stops in the middle of the script. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped");
        }
    }

    Stage(
            BundleContext context,
            Simulator simulator,
            Accounts accounts,
            Settings settings,
            Duration allowance,
            CountDownLatch stopped) {
        this.simulator = simulator;
        this.accounts = accounts;
        this.settings = settings;
        this.allowance = allowance;
        this.stopped = stopped;
        this.bundles = new Bundles(context);
        this.listening = context.registerService(ConnectionListener.class, sightings, new Hashtable<>());
        this.clients = new ServiceTracker<>(context, WebSocketClient.class, null);
        this.supervisors = new ServiceTracker<>(context, Supervisor.class, null);
        clients.open();
        supervisors.open();
    }

    Simulator simulator() {
        return simulator;
    }

    /** In the scope of a client, its later connections included. */
    Faults faults(Target target) {
        return simulator.faults().on(target.path());
    }

    Settings settings() {
        return settings;
    }

    Duration allowance() {
        return allowance;
    }

    Bounds bounds(Target target) {
        return Bounds.of(settings.client(target), settings.heartbeat(target), allowance);
    }

    Bundles bundles() {
        return bundles;
    }

    Sightings sightings() {
        return sightings;
    }

    WebSocketClient client(Target target) {
        return clients.getTracked().values().stream()
                .filter(client -> client.id().equals(target.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no client " + target.id()));
    }

    ClientAccount account(Target target) {
        return accounts.of(target.id())
                .orElseThrow(() -> new IllegalStateException("nobody listens to " + target.id()));
    }

    /** Of the only group. */
    Optional<Supervisor> supervisor() {
        return Optional.ofNullable(supervisors.getService());
    }

    // -- waiting

    /** Waits for an event after a time; longer than the bound from there, so that the time can be told when it is exceeded. */
    Optional<Sighting> await(Target target, Type type, long sinceNanos, Duration bound) throws InterruptedException {
        checkRunning();
        return sightings.await(target, type, sinceNanos, bound.plus(LATE).minusNanos(System.nanoTime() - sinceNanos));
    }

    /** Waits for the first numbered message of a connection with a higher number. */
    Optional<Arrival> awaitData(Target target, long afterConnection, Duration bound) {
        ClientAccount account = account(target);
        boolean came = await(
                () -> account.arrival()
                        .filter(a -> a.connection() > afterConnection)
                        .isPresent(),
                bound.plus(LATE));
        return came ? account.arrival() : Optional.empty();
    }

    /** @return whether it came true within the limit */
    boolean await(BooleanSupplier condition, Duration limit) {
        checkRunning();
        try {
            simulator.await(
                    "condition of the script", () -> stopped.getCount() == 0 || condition.getAsBoolean(), limit);
        } catch (IllegalStateException e) {
            return false;
        }
        checkRunning();
        return true;
    }

    /** Lets time go by. */
    void pass(Duration time) throws InterruptedException {
        if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new StoppedException();
        }
    }

    private void checkRunning() {
        if (stopped.getCount() == 0) {
            throw new StoppedException();
        }
    }

    /**
     * Until every client that is to run is ready on a stable connection, so that each step begins alike.
     *
     * @return whether that came to pass
     */
    boolean settle() throws InterruptedException {
        for (Target target : Target.EXCHANGES) {
            if (!await(() -> ready(target), START)) {
                return false;
            }
        }
        for (Target target : Target.EXCHANGES) {
            Duration stableAfter = settings.client(target).reconnect().stableAfter();
            Optional<Sighting> connected = sightings.last(target, Type.CONNECTED);
            long since = connected.map(s -> System.nanoTime() - s.nanos()).orElse(0L);
            pass(positive(stableAfter.minusNanos(since)));
        }
        return true;
    }

    private static Duration positive(Duration d) {
        return d.isNegative() ? Duration.ZERO : d;
    }

    private boolean ready(Target target) {
        return clients.getTracked().values().stream()
                        .anyMatch(client -> client.id().equals(target.id()) && client.state() == ClientState.READY)
                && accounts.of(target.id()).flatMap(ClientAccount::arrival).isPresent();
    }

    @Override
    public void close() {
        listening.unregister();
        clients.close();
        supervisors.close();
    }
}
