// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.supervision.Child;
import io.holdfast.supervisor.group.Group;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Finds the {@link Child} services that name a group. */
final class ChildTracking implements ServiceTrackerCustomizer<Child, Child> {
    private final BundleContext context;
    private final Group group;
    private final Arrivals arrivals;
    private final ServiceTracker<Child, Child> tracker;

    ChildTracking(BundleContext context, Group group) {
        this.context = context;
        this.group = group;
        this.arrivals = new Arrivals(group::add);
        this.tracker = new ServiceTracker<>(context, filter(context, group.group()), this);
    }

    private static Filter filter(BundleContext context, String group) {
        String value = group.replace("\\", "\\\\")
                .replace("*", "\\*")
                .replace("(", "\\(")
                .replace(")", "\\)");
        try {
            return context.createFilter("(&(" + Constants.OBJECTCLASS + "=" + Child.class.getName() + ")(" + Child.GROUP
                    + "=" + value + "))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("group '" + group + "' cannot be looked for", e);
        }
    }

    void open() {
        tracker.open();
        arrivals.complete();
    }

    void close() {
        tracker.close();
    }

    @Override
    public Child addingService(ServiceReference<Child> reference) {
        Child child = context.getService(reference);
        if (child != null) {
            arrivals.add(reference, child);
        }
        return child;
    }

    @Override
    public void modifiedService(ServiceReference<Child> reference, Child child) {
        // Nothing a child's properties say may change while it is supervised.
    }

    @Override
    public void removedService(ServiceReference<Child> reference, Child child) {
        arrivals.remove(reference);
        group.remove(child);
        context.ungetService(reference);
    }
}
