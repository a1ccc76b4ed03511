// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.supervisor.group.GroupOptions;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * One configuration, one group.
 *
 * <p>Without a method for modifications, on purpose: with one, SCR would not try a configuration again that was refused at first
 * and then corrected, as there is no instance to be told. So a change makes a new instance of this class, which takes the group
 * over from the one before; no child notices.
 */
@Component(
        configurationPid = GroupOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
public final class GroupComponent {
    private final SupervisorRuntime runtime;
    private final String pid;
    private final boolean first;
    private final GroupHome home;

    /** @throws InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public GroupComponent(Map<String, Object> properties, @Reference SupervisorRuntime runtime) {
        this.runtime = runtime;
        this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        Optional<GroupHome> before = runtime.takeOver(pid);
        this.first = before.isEmpty();
        this.home = before.orElseGet(() -> new GroupHome(runtime, properties));
        before.ifPresent(same -> same.modified(properties));
    }

    @Activate
    void activate() {
        if (first) {
            home.begin();
        }
    }

    @Deactivate
    void deactivate(int reason) {
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_MODIFIED) {
            runtime.handOver(pid, home);
        } else {
            home.close();
        }
    }
}
