// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads the snapshots of all clients and groups in the registry. */
@Component
public final class MetricsService implements Metrics {
    /**
     * Replaced as a whole by the component runtime, in ascending order of the references: of equal rankings, and clients have
     * none, the one registered last comes first. {@link Catalogue#of} shows the first of an id; sorting by id keeps that order.
     */
    @Reference
    private volatile List<Map.Entry<Map<String, Object>, WebSocketClient>> clients = List.of();

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Supervisor> supervisors = List.of();

    @Override
    public List<Metric> read() {
        return Catalogue.of(
                clients.stream()
                        .map(MetricsService::client)
                        .sorted(Comparator.comparing(Catalogue.Client::id))
                        .toList(),
                supervisors.stream()
                        .map(Supervisor::status)
                        .sorted(Comparator.comparing(Supervisor.GroupStatus::group))
                        .toList());
    }

    private static Catalogue.Client client(Map.Entry<Map<String, Object>, WebSocketClient> service) {
        WebSocketClient client = service.getValue();
        Object group = service.getKey().get(Child.GROUP);
        return new Catalogue.Client(
                client.id(), group == null ? "" : group.toString(), client.state(), client.health(), client.metrics());
    }
}
