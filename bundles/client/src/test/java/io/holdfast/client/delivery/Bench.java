// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.api.client.OverflowPolicy.Kind;
import io.holdfast.client.exchange.ConflatedChannels;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.sim.VirtualEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A delivery on some environment, with an owner that writes down what it is told. */
final class Bench implements Delivery.Owner {
    final List<String> overflows = new CopyOnWriteArrayList<>();
    final List<Long> demands = new CopyOnWriteArrayList<>();
    final List<Integer> counts = new CopyOnWriteArrayList<>();
    final List<String> faults = new CopyOnWriteArrayList<>();
    final List<String> blocked = new CopyOnWriteArrayList<>();
    volatile OverflowPolicy policy = policy(Kind.DISCONNECT, 100, 1 << 20);
    volatile Duration blockLimit = Duration.ofSeconds(5);
    volatile Duration gapMax = Duration.ofSeconds(2);
    final Delivery delivery;

    Bench(Environment environment, boolean direct) {
        this(environment, direct, new ConflatedChannels());
    }

    Bench(Environment environment, boolean direct, Conflation conflation) {
        delivery = new Delivery("c1", environment, direct, conflation, this);
    }

    /** Ends the delivery, after which nothing of it may be left. */
    void end(VirtualEnvironment env) {
        delivery.close(Cause.of(Cause.Kind.LOCAL_CLOSE, ""));
        env.runFor(Duration.ofSeconds(3));
        assertThat(env.pendingTimers()).as("timers left").isZero();
        assertThat(env.pendingTasks()).as("tasks left").isZero();
    }

    static OverflowPolicy policy(Kind kind, int messages, int bytes) {
        return new OverflowPolicy(kind, messages, bytes, Duration.ofSeconds(5));
    }

    /** Delivers the next message, with the bytes that {@link Recorder} expects. */
    boolean message(long connection, int length) {
        return numbered(connection, delivery.messages() + 1, length);
    }

    /** Delivers a message with the sender's own number, which must go up. */
    boolean numbered(long connection, long number, int length) {
        return delivery.deliver(true, ByteBuffer.wrap(Recorder.payload(number, length)), number, connection);
    }

    void messages(long connection, int count) {
        for (int i = 0; i < count; i++) {
            message(connection, 20);
        }
    }

    boolean text(long connection, byte[] bytes) {
        return delivery.deliver(true, ByteBuffer.wrap(bytes), 7, connection);
    }

    @Override
    public OverflowPolicy overflow() {
        return policy;
    }

    @Override
    public Duration blockLimit() {
        return blockLimit;
    }

    @Override
    public Duration gapMax() {
        return gapMax;
    }

    @Override
    public void overflowed(String description) {
        overflows.add(description);
    }

    @Override
    public void demand(long connection) {
        demands.add(connection);
    }

    @Override
    public void listenersChanged(int present) {
        counts.add(present);
    }

    @Override
    public void listenerFault(String plainText) {
        faults.add(plainText);
    }

    @Override
    public void listenerBlocked(String plainText) {
        blocked.add(plainText);
    }

    @Override
    public void failed(Throwable fault) {
        faults.add("of ours: " + fault);
    }
}
