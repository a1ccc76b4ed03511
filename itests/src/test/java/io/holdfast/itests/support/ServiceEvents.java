// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** Counts what happens to services. */
public final class ServiceEvents implements ServiceListener {

    private final AtomicInteger registered = new AtomicInteger();
    private final AtomicInteger unregistered = new AtomicInteger();

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            registered.incrementAndGet();
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            unregistered.incrementAndGet();
        }
    }

    public int registered() {
        return registered.get();
    }

    public int unregistered() {
        return unregistered.get();
    }
}
