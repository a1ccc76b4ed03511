// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A listener that keeps the numbers of the simulator's data and how late each message was. */
public final class TimedReceiver implements MessageListener {

    private final Numbers numbers = new Numbers();
    private final Supplier<Lateness> lateness;

    /** @param lateness asked at each message where it belongs */
    public TimedReceiver(Supplier<Lateness> lateness) {
        this.lateness = lateness;
    }

    @Override
    public void onMessage(Message message) {
        long now = System.nanoTime();
        String text = message.text();
        numbers.read(text);
        lateness.get().addStamped(text, now);
    }

    /** Makes it a service for a client. */
    public ServiceRegistration<MessageListener> listenTo(BundleContext context, String clientId) {
        return context.registerService(
                MessageListener.class, this, new Hashtable<>(Map.of(MessageListener.CLIENT, clientId)));
    }

    public Numbers numbers() {
        return numbers;
    }
}
