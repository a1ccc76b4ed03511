// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.client.engine.OwnedClients;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Gives each using bundle its own {@link ClientSupervisor} of a group, and ends its clients when it goes. */
final class GroupClients implements ServiceFactory<ClientSupervisor> {
    private final String group;
    private final ClientRuntime runtime;
    private final PublishedChildren children;

    GroupClients(String group, ClientRuntime runtime, PublishedChildren children) {
        this.group = group;
        this.runtime = runtime;
        this.children = children;
    }

    @Override
    public ClientSupervisor getService(Bundle user, ServiceRegistration<ClientSupervisor> registration) {
        return new OwnedClients(
                runtime.clients(), Optional.of(group), child -> children.publish(child, group), children::withdraw);
    }

    @Override
    public void ungetService(
            Bundle user, ServiceRegistration<ClientSupervisor> registration, ClientSupervisor service) {
        Cause cause = Cause.of(
                Cause.Kind.OWNER_GONE, "the bundle that started it has stopped or let group '" + group + "' go");
        runtime.awaitEnd(
                "The end of a bundle's clients in group '" + group + "'", ((OwnedClients) service).endAll(cause));
    }
}
