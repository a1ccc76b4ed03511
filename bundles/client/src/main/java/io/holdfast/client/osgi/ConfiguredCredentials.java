// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.transport.Secret;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * A credential source made by configuration: a file for its owner's eyes, or environment variables. Not a service, so that
 * no other bundle can ask for the values.
 */
@Component(
        configurationPid = CredentialOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
public final class ConfiguredCredentials implements CredentialSource {
    private final ClientRuntime runtime;
    private final CredentialOptions options;

    /** @throws io.holdfast.api.options.InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public ConfiguredCredentials(Map<String, Object> properties, @Reference ClientRuntime runtime) {
        this.runtime = runtime;
        this.options = CredentialOptions.of(properties);
    }

    @Activate
    public void activate() {
        runtime.credentials().add(this);
    }

    @Deactivate
    public void deactivate() {
        runtime.credentials().remove(this);
    }

    /** Runs in a client's plugin lane. */
    @Override
    public Map<String, Secret> credentials(String name) {
        if (!options.name().equals(name)) {
            throw new IllegalArgumentException("not the source of '" + name + "'");
        }
        return options.file().isPresent()
                ? CredentialFile.read(name, options.file().get())
                : EnvironmentCredentials.read(options.environmentPrefix().orElseThrow(), System.getenv());
    }
}
