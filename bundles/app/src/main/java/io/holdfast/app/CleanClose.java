// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends all clients with 1000 when the application goes, as a user does who is done; the client bundle by itself would say 1001. Works
 * because this bundle has a start level above the others and therefore stops first.
 */
@Component(
        service = {},
        immediate = true)
public final class CleanClose {

    /** All at the same time; longer than the default {@code close.timeout}, after which a client ends by force. */
    private static final long LIMIT_SECONDS = 7;

    private static final Duration SEEN = Duration.ofSeconds(1);

    private final Logger logger = LoggerFactory.getLogger(CleanClose.class);
    private final Map<WebSocketClient, String> clients = new ConcurrentHashMap<>();
    private final AtomicReference<Simulator> simulator = new AtomicReference<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bind(WebSocketClient client) {
        clients.put(client, client.id());
    }

    void unbind(WebSocketClient client) {
        clients.remove(client);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSimulator(Simulator service) {
        simulator.set(service);
    }

    void unbindSimulator(Simulator service) {
        simulator.compareAndSet(service, null);
    }

    @Deactivate
    void deactivate() {
        Optional<Simulator> other = Optional.ofNullable(simulator.get());
        Set<Integer> open = other.map(
                        s -> s.open().stream().map(Session::number).collect(Collectors.toSet()))
                .orElse(Set.of());
        closeAll();
        other.ifPresent(s -> report(s, open));
    }

    /** The other side's view: what was open before, and how it ended. */
    private void report(Simulator other, Set<Integer> connections) {
        for (int number : connections) {
            try {
                AcceptRecord end = other.awaitEnd(number, SEEN);
                System.out.println("holdfast: " + end.path() + " closed, the simulator saw "
                        + (end.closeCode() == 0 ? "no close frame" : end.closeCode()));
            } catch (IllegalStateException e) {
                logger.warn("The simulator has not seen the end of connection {}: {}", number, e.getMessage());
            }
        }
    }

    private void closeAll() {
        CompletableFuture<?>[] ends = clients.keySet().stream()
                .map(client -> client.close(1000, "").toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            logger.warn("Not all clients were closed in an orderly way: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
