// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A listener that keeps the numbers of the simulator's data and everything that happened to the stream. */
public final class Receiver implements MessageListener {

    private final Numbers numbers = new Numbers();

    /** Guards itself. */
    private final List<Continuity> continuity = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
        numbers.read(message.text());
    }

    @Override
    public void onContinuity(Continuity event) {
        synchronized (continuity) {
            continuity.add(event);
        }
    }

    /** Makes it a service for a client. */
    public ServiceRegistration<MessageListener> listenTo(BundleContext context, String clientId) {
        return context.registerService(
                MessageListener.class, this, new Hashtable<>(Map.of(MessageListener.CLIENT, clientId)));
    }

    public Numbers numbers() {
        return numbers;
    }

    public List<Continuity> continuity() {
        synchronized (continuity) {
            return List.copyOf(continuity);
        }
    }

    public long count(Class<? extends Continuity> type) {
        return continuity().stream().filter(type::isInstance).count();
    }
}
