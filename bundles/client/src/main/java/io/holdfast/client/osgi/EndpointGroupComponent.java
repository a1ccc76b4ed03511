// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.endpoint.EndpointGroups;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One factory configuration {@value #PID} is one endpoint group; its id is the part of the PID after the tilde.
 *
 * <p>Without a method for modifications, so that SCR tries a configuration again that was refused at first and then corrected, see
 * {@link ConfiguredClient}.
 */
@Component(
        configurationPid = EndpointGroupComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
public final class EndpointGroupComponent {
    static final String PID = "io.holdfast.endpoints";

    private final Logger log = LoggerFactory.getLogger(EndpointGroupComponent.class);
    private final EndpointGroups groups;

    /** Groups whose configuration has changed, for the moment between two instances of this class. */
    private final Set<String> inForce;

    private final String groupId;

    /** @throws IllegalArgumentException if the configuration is no factory configuration */
    @Activate
    public EndpointGroupComponent(@Reference ClientRuntime runtime, Map<String, Object> properties) {
        this(runtime.endpoints(), runtime.endpointGroupsInForce(), properties);
    }

    EndpointGroupComponent(EndpointGroups groups, Set<String> inForce, Map<String, Object> properties) {
        this.groups = groups;
        this.inForce = inForce;
        this.groupId = Properties.name(properties.get("service.pid"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "an endpoint group is a factory configuration, " + PID + "~<group>"));
    }

    /**
     * A change that cannot be accepted leaves the options in force.
     *
     * @throws InvalidOptionException naming the option, if none are in force: there is no such group then
     */
    @Activate
    void activate(Map<String, Object> properties) {
        boolean changed = inForce.remove(groupId);
        try {
            configure(EndpointGroupOptions.of(properties));
        } catch (InvalidOptionException e) {
            if (!changed) {
                throw e;
            }
            log.warn("Endpoint group {} keeps the options in force: {}", groupId, e.getMessage());
        }
    }

    @Deactivate
    void deactivate(int reason) {
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_MODIFIED) {
            inForce.add(groupId);
        } else {
            groups.remove(groupId);
            log.info("Endpoint group {} is no longer configured", groupId);
        }
    }

    private void configure(EndpointGroupOptions options) {
        groups.configure(groupId, options);
        log.info("Endpoint group {} is configured: {}", groupId, options);
    }
}
