// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.supervision.Child;
import io.holdfast.client.lanes.Environment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;

/** Makes clients known to supervisors as {@link Child} services. Any thread; only posts. */
final class PublishedChildren {
    private final BundleContext context;
    private final Environment environment;
    private final Map<Child, ServiceSwitch> services = new ConcurrentHashMap<>();

    PublishedChildren(BundleContext context, Environment environment) {
        this.context = context;
        this.environment = environment;
    }

    void publish(Child child, String group) {
        ServiceSwitch service = service(context, environment, child);
        services.put(child, service);
        service.on(properties(child, group));
    }

    void withdraw(Child child) {
        ServiceSwitch service = services.remove(child);
        if (service != null) {
            service.off();
        }
    }

    static ServiceSwitch service(BundleContext context, Environment environment, Child child) {
        return new ServiceSwitch(
                "Child " + child.spec().id(), environment, ServiceSwitch.registry(context, Child.class, child));
    }

    static Map<String, Object> properties(Child child, String group) {
        return Map.of(
                Child.ID,
                child.spec().id(),
                Child.GROUP,
                group,
                Child.ORDER,
                child.spec().order());
    }
}
