// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientHealth.Status;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A client with everything that belongs to it: engine, handle, and its side towards a supervisor. */
public final class ManagedClient {
    private static final Duration END_LIMIT = Duration.ofMillis(1500);

    private final ClientEngine engine;
    private final ClientHandle handle;
    private final Optional<SupervisedChild> child;
    private final Optional<Unsupervised> unsupervised;

    /** Why offered options were not taken; empty if those in force are those configured. */
    private volatile String optionsTrouble = "";

    ManagedClient(
            ClientSpec spec,
            EngineServices services,
            Optional<ObserverLane> observer,
            Consumer<ManagedClient> whenEnded) {
        engine = new ClientEngine(spec, services, observer);
        Runnable onEnded = () -> whenEnded.accept(this);
        Optional<String> group = spec.options().supervisorGroup();
        child = group.map(g -> new SupervisedChild(engine, g, onEnded));
        unsupervised = group.isPresent() ? Optional.empty() : Optional.of(new Unsupervised(engine, onEnded));
        child.ifPresent(engine::reportTo);
        unsupervised.ifPresent(engine::reportTo);
        handle = new ClientHandle(engine, this);
    }

    /** What is to be said of it besides what its engine shows: unsupervised, given up, options not taken. */
    List<HealthView.Finding> findings() {
        List<HealthView.Finding> findings =
                new ArrayList<>(child.map(SupervisedChild::findings).orElse(List.of()));
        if (!optionsTrouble.isEmpty()) {
            findings.add(new HealthView.Finding(Status.WARN, optionsTrouble));
        }
        return findings;
    }

    /** Starts a client that has exited, by whoever may do so. */
    void restart() {
        child.ifPresent(SupervisedChild::restart);
        unsupervised.ifPresent(Unsupervised::start);
    }

    /** Everything is bound: the client may start. */
    public void begin() {
        child.ifPresent(SupervisedChild::begin);
        unsupervised.ifPresent(Unsupervised::begin);
    }

    public WebSocketClient handle() {
        return handle;
    }

    /** What a supervisor sees; empty for a client without a group. */
    public Optional<Child> child() {
        return child.map(c -> c);
    }

    /** Whether a configuration stands behind it. */
    public boolean configured() {
        return engine.spec().configured();
    }

    public ClientOptions options() {
        return engine.options();
    }

    public void addListener(MessageListener listener, Optional<String> listenerId) {
        engine.addListener(listener, listenerId);
    }

    public void removeListener(MessageListener listener) {
        engine.removeListener(listener);
    }

    /** Completes when the client has ended and every listener that was there has been told; dependents must only post. */
    public CompletionStage<Void> listenersLeft() {
        return engine.delivery().over();
    }

    /** Other options from now on; id, group and delivery must be the same. */
    public void reconfigure(ClientOptions options) {
        optionsTrouble = "";
        engine.reconfigure(options);
        unsupervised.ifPresent(Unsupervised::reconfigured);
    }

    /** Offered options were not taken: those in force stay, health says why. */
    public void rejected(String why) {
        optionsTrouble = why;
    }

    /** Ends the client because its owner goes: 1001, cut off where the closing handshake takes longer than owners wait. */
    public CompletionStage<Void> end(Cause cause) {
        engine.end(1001, "", cause, END_LIMIT);
        return engine.ended.<Void>thenApply(c -> null).minimalCompletionStage();
    }
}
