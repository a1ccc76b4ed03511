// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.util.List;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** The service that carries out a mode, held from {@link #find} to {@link #close}. */
final class ModeService implements AutoCloseable {

    private static final String PROPERTY = "holdfast.mode";
    /** A component with references comes a moment after its bundle. */
    private static final long WAIT_MILLIS = 30_000;

    private final ServiceTracker<?, ?> tracker;
    private final ToIntFunction<List<String>> service;

    private ModeService(ServiceTracker<?, ?> tracker, ToIntFunction<List<String>> service) {
        this.tracker = tracker;
        this.service = service;
    }

    static ModeService find(BundleContext context, String mode) throws InvalidSyntaxException, InterruptedException {
        var filter = FrameworkUtil.createFilter(
                "(&(objectClass=" + ToIntFunction.class.getName() + ")(" + PROPERTY + "=" + mode + "))");
        ServiceTracker<ToIntFunction<List<String>>, ToIntFunction<List<String>>> tracker =
                new ServiceTracker<>(context, filter, null);
        tracker.open();
        ToIntFunction<List<String>> service = tracker.waitForService(WAIT_MILLIS);
        if (service == null) {
            tracker.close();
            throw new IllegalStateException("no bundle offers the mode '" + mode + "'");
        }
        return new ModeService(tracker, service);
    }

    /** Carries the mode out in the current thread and answers the exit code. */
    int call(List<String> arguments) {
        return service.applyAsInt(arguments);
    }

    @Override
    public void close() {
        tracker.close();
    }
}
