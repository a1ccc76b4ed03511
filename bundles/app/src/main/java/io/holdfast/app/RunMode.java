// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app;

import io.holdfast.app.view.ChangeLines;
import io.holdfast.app.view.Display;
import io.holdfast.app.view.LiveTable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Leaves the configured clients to themselves until the framework stops, and shows them meanwhile: a table on a terminal, a line per
 * change without one. Immediate, so that the table is drawn before the prompt comes and no early change is missed.
 */
@Component(service = ToIntFunction.class, property = Mode.PROPERTY + "=" + RunMode.NAME, immediate = true)
public final class RunMode implements Mode {

    static final String NAME = "run";

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Display display;

    /** @param context tells which mode this process was started for; in the others nothing is shown here */
    @Activate
    public RunMode(BundleContext context) {
        if (!NAME.equals(context.getProperty(PROPERTY))) {
            display = () -> {};
        } else if (Boolean.parseBoolean(context.getProperty(CONSOLE))) {
            display = LiveTable.open(context, System.out);
        } else {
            display = ChangeLines.open(context, System.out);
        }
    }

    @Override
    public int applyAsInt(List<String> arguments) {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            // The launcher's way of saying "enough"; it looks at the flag.
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    @Deactivate
    void deactivate() {
        display.close();
        stopped.countDown();
    }
}
