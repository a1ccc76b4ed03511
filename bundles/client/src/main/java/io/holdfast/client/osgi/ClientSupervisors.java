// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.ClientSupervisor;
import io.holdfast.api.supervision.Child;
import io.holdfast.client.engine.Text;
import io.holdfast.client.lanes.SerialLane;
import java.io.IOException;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers one {@link ClientSupervisor} for each configured group. Which groups there are is read from Config Admin, so that
 * the offer stands whether or not the supervisor bundle does. A changed configuration touches nothing as long as the group
 * exists; a deleted one withdraws the service, which ends the clients started through it.
 */
@Component(service = ConfigurationListener.class, immediate = true)
public final class ClientSupervisors implements ConfigurationListener {
    static final String SUPERVISOR_PID = "io.holdfast.supervisor";
    static final String GROUP_OPTION = "group";

    private final Logger logger = LoggerFactory.getLogger(ClientSupervisors.class);
    private final BundleContext context;
    private final ClientRuntime runtime;
    private final ConfigurationAdmin admin;
    private final PublishedChildren children;
    private final SerialLane lane;

    /** Confined to the lane, like {@link #closed}. */
    private final Map<String, ServiceSwitch> offers = new HashMap<>();

    private boolean closed;

    @Activate
    public ClientSupervisors(
            BundleContext context, @Reference ClientRuntime runtime, @Reference ConfigurationAdmin admin) {
        this.context = context;
        this.runtime = runtime;
        this.admin = admin;
        this.children = new PublishedChildren(context, runtime.environment());
        this.lane = new SerialLane(
                runtime.environment().publishing(),
                fault -> logger.error("The configured groups are not known: {}", Text.of(fault)));
        lane.execute(this::compare);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (SUPERVISOR_PID.equals(event.getFactoryPid())) {
            lane.execute(this::compare);
        }
    }

    @Deactivate
    public void deactivate() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Runnable withdraw = () -> {
            closed = true;
            CompletableFuture<?>[] all = offers.values().stream()
                    .map(s -> s.gone().toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            offers.clear();
            CompletableFuture.allOf(all).thenRun(() -> gone.complete(null));
        };
        lane.execute(withdraw, () -> gone.complete(null));
        runtime.awaitEnd("The withdrawal of the groups", gone);
    }

    private void compare() {
        if (closed) {
            return;
        }
        Set<String> groups = configured();
        for (String group : groups) {
            offers.computeIfAbsent(group, this::offer).on(Map.of(Child.GROUP, group));
        }
        offers.entrySet().removeIf(offer -> {
            boolean gone = !groups.contains(offer.getKey());
            if (gone) {
                offer.getValue().off();
            }
            return gone;
        });
    }

    private ServiceSwitch offer(String group) {
        GroupClients factory = new GroupClients(group, runtime, children);
        return new ServiceSwitch(
                "ClientSupervisor " + group,
                runtime.environment(),
                ServiceSwitch.registry(context, ClientSupervisor.class, factory));
    }

    private Set<String> configured() {
        Set<String> groups = new HashSet<>();
        try {
            Configuration[] all = admin.listConfigurations("(service.factoryPid=" + SUPERVISOR_PID + ")");
            for (Configuration configuration : all == null ? new Configuration[0] : all) {
                Dictionary<String, Object> properties = configuration.getProperties();
                if (properties != null) {
                    group(configuration.getPid(), properties).ifPresent(groups::add);
                }
            }
            return groups;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("configurations cannot be listed", e);
        }
    }

    private Optional<String> group(String pid, Dictionary<String, Object> properties) {
        Optional<String> group = Properties.texts(properties.get(GROUP_OPTION)).stream()
                .map(String::trim)
                .filter(g -> !g.isEmpty())
                .findFirst()
                .or(() -> Properties.name(pid));
        if (group.isEmpty()) {
            logger.warn("Configuration {} names no group: set '{}', or a PID with a part after '~'", pid, GROUP_OPTION);
        }
        return group;
    }
}
