// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;

/** What is in the service registry. Service objects are for a few calls: their bundles may be updated at any time. */
public final class Services {

    /** Far longer than anything takes: running into it is a failure, never a matter of speed. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private final BundleContext context;

    public Services(BundleContext context) {
        this.context = context;
    }

    public <T> List<ServiceReference<T>> references(Class<T> type, String filter) {
        try {
            Collection<ServiceReference<T>> found = context.getServiceReferences(type, filter);
            return List.copyOf(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Waits for the one service that matches. */
    public <T> ServiceReference<T> reference(Class<T> type, String filter) {
        // What was seen, not a second look: it may be gone by then.
        return await("one " + type.getSimpleName() + " with " + filter)
                .atMost(LIMIT)
                .until(() -> references(type, filter), found -> found.size() == 1)
                .get(0);
    }

    /** Waits for the one service that matches, and gets it. */
    public <T> T get(Class<T> type, String filter) {
        return context.getService(reference(type, filter));
    }

    /** The handle of a configured client. */
    public WebSocketClient client(String id) {
        return get(WebSocketClient.class, "(client.id=" + id + ")");
    }

    /** The supervisor of a group. */
    public Supervisor supervisor(String group) {
        return get(Supervisor.class, "(supervisor.group=" + group + ")");
    }

    public boolean condition(String id) {
        return !references(Condition.class, "(osgi.condition.id=" + id + ")").isEmpty();
    }

    public void awaitCondition(String id, boolean there) {
        await("condition " + id + (there ? "" : " gone")).atMost(LIMIT).until(() -> condition(id) == there);
    }

    /** How often each service event of that filter came from now on; the counter is removed with the context. */
    public ServiceEvents events(String filter) {
        ServiceEvents events = new ServiceEvents();
        try {
            context.addServiceListener(
                    events, FrameworkUtil.createFilter(filter).toString());
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        return events;
    }
}
