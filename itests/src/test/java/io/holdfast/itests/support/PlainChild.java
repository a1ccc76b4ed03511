// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.api.supervision.Attachment;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ChildSnapshot;
import io.holdfast.api.supervision.ChildSnapshot.State;
import io.holdfast.api.supervision.ChildSpec;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.LedgerEntry;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.supervision.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A child that is no client: it runs until a test lets it exit, and writes down its starts and stops. Any thread. */
public final class PlainChild implements Child {

    private final ChildSpec spec;
    private final List<String> log;
    /** Starts wait for it. */
    public final CountDownLatch gate;

    /** Guarded by this, like all fields below. */
    private final List<LedgerEntry> ledger = new ArrayList<>();

    private Owner owner;
    private ChildSignals signals;
    private State state = State.CREATED;
    private long incarnation;
    private Optional<ExitReason> exit = Optional.empty();

    private PlainChild(ChildSpec spec, List<String> log, int gates) {
        this.spec = spec;
        this.log = log;
        this.gate = new CountDownLatch(gates);
    }

    /** @param log takes {@code start <id>} and {@code stop <id>}; a list for many threads */
    public static PlainChild of(String id, int order, List<String> log) {
        return new PlainChild(
                new ChildSpec(id, ChildSpec.Restart.PERMANENT, Duration.ofSeconds(5), order, Duration.ZERO), log, 0);
    }

    /** One whose starts block their caller until the gate is opened. */
    public static PlainChild blocking(String id, List<String> log) {
        return new PlainChild(
                new ChildSpec(id, ChildSpec.Restart.PERMANENT, Duration.ofSeconds(5), 0, Duration.ZERO), log, 1);
    }

    public ServiceRegistration<Child> register(BundleContext context, String group) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Child.ID, spec.id());
        properties.put(Child.GROUP, group);
        properties.put(Child.ORDER, spec.order());
        return context.registerService(Child.class, this, properties);
    }

    public void crash() {
        ChildSignals to;
        ExitReason reason = new ExitReason(ExitReason.Kind.CRASH, "made to");
        long ended;
        synchronized (this) {
            state = State.EXITED;
            exit = Optional.of(reason);
            to = signals;
            ended = incarnation;
        }
        if (to != null) {
            to.exited(ended, reason);
        }
    }

    public synchronized State state() {
        return state;
    }

    public synchronized Optional<String> ownerName() {
        return Optional.ofNullable(owner).map(Owner::name);
    }

    @Override
    public ChildSpec spec() {
        return spec;
    }

    @Override
    public synchronized Attachment attach(Owner by, ChildSignals to) {
        if (owner != null && owner != by) {
            return new Attachment.Refused(owner.name());
        }
        owner = by;
        signals = to;
        return new Attachment.Attached(snapshot());
    }

    @Override
    public synchronized void detach(Owner by) {
        if (owner == by) {
            owner = null;
            signals = null;
        }
    }

    @Override
    public CompletionStage<StartResult> start(Owner by, long number) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.completedStage(new StartResult.Failed("interrupted"));
        }
        synchronized (this) {
            incarnation = number;
            state = State.RUNNING;
            exit = Optional.empty();
            log.add("start " + spec.id());
        }
        return CompletableFuture.completedStage(new StartResult.Accepted());
    }

    @Override
    public synchronized CompletionStage<Void> stop(Owner by, ExitReason reason, Duration limit) {
        if (state == State.RUNNING) {
            log.add("stop " + spec.id());
        }
        state = State.STOPPED;
        exit = Optional.empty();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized void givenUp(Owner by, String cause) {
        state = State.GIVEN_UP;
    }

    @Override
    public synchronized void record(LedgerEntry entry) {
        ledger.add(entry);
    }

    @Override
    public synchronized void clearLedger() {
        ledger.clear();
    }

    @Override
    public synchronized ChildSnapshot snapshot() {
        return new ChildSnapshot(spec, state, incarnation, exit, ledger);
    }
}
