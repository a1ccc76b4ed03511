package io.holdfast.launcher;

import java.util.List;
import java.util.function.ToIntFunction;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** Finds the service that carries out a mode and calls it in the current thread. */
final class Modes {

    private static final String PROPERTY = "holdfast.mode";
    /** A component with references comes a moment after its bundle. */
    private static final long WAIT_MILLIS = 30_000;

    private Modes() {
    }

    /** @return what the mode answered */
    static int call(BundleContext context, String mode, List<String> arguments) throws InvalidSyntaxException, InterruptedException {
        var filter = FrameworkUtil.createFilter("(&(objectClass=" + ToIntFunction.class.getName() + ")(" + PROPERTY + "=" + mode + "))");
        ServiceTracker<ToIntFunction<List<String>>, ToIntFunction<List<String>>> tracker = new ServiceTracker<>(context, filter, null);
        tracker.open();
        try {
            ToIntFunction<List<String>> service = tracker.waitForService(WAIT_MILLIS);
            if (service == null) {
                throw new IllegalStateException("no bundle offers the mode '" + mode + "'");
            }
            return service.applyAsInt(arguments);
        } finally {
            tracker.close();
        }
    }
}
