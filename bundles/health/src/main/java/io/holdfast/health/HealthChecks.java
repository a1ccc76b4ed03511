// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.hc.api.HealthCheck;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** One health check for each client and one for each group, as long as they are there. */
@Component(
        service = {},
        configurationPid = HealthChecks.PID,
        immediate = true)
public final class HealthChecks {
    static final String PID = "io.holdfast.health";

    static final OptionSet OPTIONS = OptionSet.of(
            Option.texts(
                    "client.tags",
                    Option.Effect.LIVE,
                    "Tags of the clients' checks besides holdfast and holdfast-client."),
            Option.texts(
                    "group.tags",
                    Option.Effect.LIVE,
                    "Tags of the groups' checks besides holdfast and holdfast-group."));

    private record GroupKey(String group) {}

    /** A client that changed its group is checked anew. */
    private record ClientKey(ServiceReference<WebSocketClient> reference, Fleet.Member member) {}

    private final BundleContext context;
    private final OptionValues options;
    private final Fleet fleet = new Fleet();
    private final Publisher publisher = new Publisher(this::wanted);

    /** @throws io.holdfast.api.options.InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public HealthChecks(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        this.options = OPTIONS.parse(properties);
    }

    @Deactivate
    public void deactivate() {
        publisher.close();
    }

    // --- bound by SCR

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindClient(ServiceReference<WebSocketClient> reference, WebSocketClient client) {
        Optional<String> group = Optional.ofNullable(reference.getProperty(Child.GROUP))
                .map(Object::toString)
                .filter(s -> !s.isEmpty());
        fleet.put(reference, new Fleet.Member(client, group));
        look();
    }

    void updatedClient(ServiceReference<WebSocketClient> reference, WebSocketClient client) {
        bindClient(reference, client);
    }

    void unbindClient(ServiceReference<WebSocketClient> reference) {
        fleet.remove(reference);
        look();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSupervisor(ServiceReference<Supervisor> reference, Supervisor supervisor) {
        fleet.putSupervisor(reference, supervisor);
        look();
    }

    void unbindSupervisor(ServiceReference<Supervisor> reference) {
        fleet.removeSupervisor(reference);
        look();
    }

    // --- what ought to be registered

    private void look() {
        publisher.look();
    }

    private Map<Object, Publisher.Registrar> wanted() {
        Map<Object, Publisher.Registrar> wanted = new HashMap<>();
        fleet.clients()
                .forEach((reference, member) -> wanted.put(
                        new ClientKey(reference, member),
                        () -> register("client", member.client().id(), "client.tags", new ClientCheck(member, fleet))));
        fleet.groups()
                .forEach(group -> wanted.put(
                        new GroupKey(group),
                        () -> register("group", group, "group.tags", new GroupCheck(group, fleet))));
        return wanted;
    }

    private ServiceRegistration<?> register(String kind, String id, String tagsOption, HealthCheck check) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HealthCheck.NAME, "Holdfast " + kind + " " + Results.text(id));
        properties.put(HealthCheck.TAGS, tags("holdfast-" + kind, options.texts(tagsOption)));
        properties.put(HealthCheck.MBEAN_NAME, "holdfast-" + kind + "-" + mbeanName(id));
        return context.registerService(HealthCheck.class, check, properties);
    }

    private static String[] tags(String own, List<String> further) {
        List<String> tags = new ArrayList<>(List.of("holdfast", own));
        tags.addAll(further);
        return tags.toArray(String[]::new);
    }

    /** Object names of JMX give a meaning to other characters. */
    private static String mbeanName(String id) {
        return id.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
