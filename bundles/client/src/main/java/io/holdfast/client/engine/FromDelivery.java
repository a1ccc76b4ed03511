// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.OverflowPolicy;
import io.holdfast.client.delivery.Delivery;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the listeners' side tells the engine, from any thread. */
final class FromDelivery implements Delivery.Owner {
    private final Logger logger = LoggerFactory.getLogger(FromDelivery.class);
    private final ClientEngine engine;
    private volatile String trouble = "";

    FromDelivery(ClientEngine engine) {
        this.engine = engine;
    }

    /** What is wrong with a listener, empty if nothing. */
    String trouble() {
        return trouble;
    }

    @Override
    public OverflowPolicy overflow() {
        return engine.options().overflow();
    }

    @Override
    public Duration blockLimit() {
        return engine.blockLimit();
    }

    @Override
    public Duration gapMax() {
        return engine.options().listenerGapMax();
    }

    @Override
    public void overflowed(String description) {
        engine.post(() -> engine.deadNow(Cause.of(Cause.Kind.SLOW_CONSUMER, description)));
    }

    @Override
    public void demand(long connection) {
        engine.links()
                .byNumber(connection)
                .ifPresent(c -> c.demand(engine.environment().nanoTime()));
    }

    @Override
    public void listenersChanged(int present) {
        engine.post(engine::gate);
    }

    @Override
    public void listenerFault(String plainText) {
        logger.warn("Client {}: its listener threw {}", engine.id(), plainText);
    }

    @Override
    public void listenerBlocked(String plainText) {
        trouble = plainText;
        if (plainText.isEmpty()) {
            logger.info("Client {}: no direct listener blocks the connection's thread any more", engine.id());
            return;
        }
        logger.warn("Client {}: its direct listener blocks the connection's thread: {}", engine.id(), plainText);
    }

    @Override
    public void failed(Throwable fault) {
        logger.error("Client {}: delivery failed", engine.id(), fault);
        // A demand may be lost with it, and a connection that is not read is not missed for an hour.
        engine.post(() -> engine.deadNow(Cause.of(Cause.Kind.CRASH, "delivery failed: " + Text.of(fault))));
    }
}
