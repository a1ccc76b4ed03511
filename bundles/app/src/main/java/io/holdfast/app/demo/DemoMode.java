// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.app.Mode;
import io.holdfast.app.account.Accounts;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Plays the failure script against the simulator. Exit code 0 only if every bound held, else 1. */
@Component(service = ToIntFunction.class, property = Mode.PROPERTY + "=demo")
public final class DemoMode implements Mode {

    /** Framework property: for threads being scheduled on a busy machine, at least 1 ms; stated in the output. Default 2 s. */
    static final String ALLOWANCE = "holdfast.demo.allowance";

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final BundleContext context;
    private final Simulator simulator;
    private final Accounts accounts;
    private final ConfigurationAdmin admin;
    private final ServiceReference<ConfigurationAdmin> reference;

    @Activate
    public DemoMode(
            BundleContext context,
            @Reference Simulator simulator,
            @Reference Accounts accounts,
            @Reference ConfigurationAdmin admin) {
        this.context = context;
        this.simulator = simulator;
        this.accounts = accounts;
        this.admin = admin;
        this.reference = context.getServiceReference(ConfigurationAdmin.class);
    }

    @Deactivate
    void deactivate() {
        stopped.countDown();
    }

    /** @param arguments {@code --without} and a part, which the launcher has left out already */
    @Override
    public int applyAsInt(List<String> arguments) {
        if (!arguments.isEmpty()) {
            System.out.println("holdfast: " + String.join(" ", arguments) + ": the script must fail");
        }
        Settings settings = new Settings(admin, reference);
        Duration allowance = allowance(context.getProperty(ALLOWANCE));
        try (Stage stage = new Stage(context, simulator, accounts, settings, allowance, stopped)) {
            return new Script(stage, System.out).play() ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (Stage.StoppedException e) {
            return 1;
        }
    }

    /**
     * @param given null for the default
     * @throws InvalidOptionException naming the property
     */
    static Duration allowance(String given) {
        if (given == null) {
            return Duration.ofSeconds(2);
        }
        Duration allowance;
        try {
            allowance = Durations.parse(given);
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException(ALLOWANCE, e.getMessage());
        }
        if (allowance.isZero()) {
            throw new InvalidOptionException(ALLOWANCE, "must be at least 1ms");
        }
        return allowance;
    }
}
