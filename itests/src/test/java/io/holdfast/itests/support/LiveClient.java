// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.simulator.Deribit;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A simulated Deribit with one configured client {@code deribit} under traffic. {@link #close} waits until all is gone. */
public final class LiveClient implements AutoCloseable {

    public static final String ID = "deribit";

    private final Configurations configurations;
    private final Services services;
    private final Simulator simulator;
    private final ClientEvents events = new ClientEvents();
    private final ServiceRegistration<?> observer;
    private final Session first;

    /**
     * @param unit length of a Deribit second
     * @param rate messages per second
     * @param more options, over the standard ones
     */
    public LiveClient(
            BundleContext context, ConfigurationAdmin admin, Duration unit, double rate, Map<String, ?> more) {
        configurations = new Configurations(admin);
        services = new Services(context);
        simulator = DeribitClient.simulator(unit, rate);
        configurations.unlimitedAttempts();
        observer = events.observe(context, ID);
        Map<String, Object> options = DeribitClient.options(simulator, unit);
        options.putAll(more);
        configurations.set(Configurations.CLIENT, ID, options);
        first = simulator.awaitOpen(1, Services.LIMIT).get(0);
        services.awaitCondition("holdfast.client." + ID + ".ready", true);
        // Observers are told on their own: who counts events from here on must have this one.
        events.await(Type.READY, 1);
    }

    public Configurations configurations() {
        return configurations;
    }

    public Services services() {
        return services;
    }

    public Simulator simulator() {
        return simulator;
    }

    public ClientEvents events() {
        return events;
    }

    /** The first connection. */
    public Session first() {
        return first;
    }

    /** Sends one {@code test_request} now and waits for an answer to one that was not sent before. */
    public Deribit.Answer testRequest() {
        // The answer to one that is on its way already may be that of a plugin that has just gone.
        long now = System.nanoTime();
        simulator.faults().testRequest();
        simulator.await("an answer", () -> answerSince(now).isPresent(), Services.LIMIT);
        return answerSince(now).orElseThrow();
    }

    private Optional<Deribit.Answer> answerSince(long nanos) {
        return simulator.deribit().answers().stream()
                .filter(answer -> answer.sentNanos() - nanos >= 0)
                .findFirst();
    }

    public void awaitAnswered(long answers) {
        simulator.await(
                answers + " answers", () -> simulator.deribit().testRequestsAnswered() >= answers, Services.LIMIT);
    }

    /** Nothing the server asked was left without an answer. */
    public void assertNoTestRequestLost() {
        simulator.await(
                "no test_request without answer",
                () -> simulator.deribit().testRequestsAnswered()
                        == simulator.deribit().testRequestsSent(),
                Services.LIMIT);
        assertThat(simulator.deribit().testRequestsLost())
                .as("test_requests lost")
                .isZero();
    }

    /** The first connection is the only one there ever was. */
    public void assertNoSocketClosed() {
        assertThat(simulator.accepts()).as("sockets").isEqualTo(1);
        assertThat(first.isOpen()).as("the first is open").isTrue();
    }

    @Override
    public void close() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        observer.unregister();
        simulator.close();
    }
}
