// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.options.InvalidOptionException;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * One configuration, one client. Has no service of its own, as its configuration would become the service's properties; the
 * client's services are registered by {@link ClientPublication}.
 *
 * <p>Without a method for modifications, on purpose: with one, SCR would not try a configuration again that was refused at
 * first and then corrected, as there is no instance to be told. So a change makes a new instance of this class, which takes
 * the client over from the one before; the client notices nothing but the change.
 */
@Component(
        configurationPid = ClientOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
public final class ConfiguredClient {
    private final ClientRuntime runtime;
    private final String pid;
    private final boolean first;
    private final ClientHome home;

    /** @throws InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public ConfiguredClient(BundleContext context, Map<String, Object> properties, @Reference ClientRuntime runtime) {
        this.runtime = runtime;
        this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        Optional<ClientHome> before = runtime.takeOver(pid);
        this.first = before.isEmpty();
        this.home = before.orElseGet(() -> new ClientHome(context, properties, runtime));
        before.ifPresent(same -> same.modified(properties));
    }

    /** Runs after everything was built; nothing else starts the client. */
    @Activate
    public void activate() {
        if (first) {
            home.begin();
        }
    }

    @Deactivate
    public void deactivate(int reason) {
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_MODIFIED) {
            runtime.handOver(pid, home);
        } else {
            home.close();
        }
    }
}
