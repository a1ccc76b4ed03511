package io.holdfast.app;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Leaves the configured clients to themselves until the framework stops. */
@Component(service = ToIntFunction.class, property = Mode.PROPERTY + "=run")
public final class RunMode implements Mode {

    private final CountDownLatch stopped = new CountDownLatch(1);

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
        stopped.countDown();
    }
}
