// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.replay;

import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.app.Mode;
import io.holdfast.simulator.Replay;
import io.holdfast.simulator.Simulator;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Both clients on recordings: every recorded frame must reach the listener unchanged and in order. Exit code 0 if all did, else 1. The
 * simulator plays what its configuration names, the same files.
 */
@Component(service = ToIntFunction.class, property = Mode.PROPERTY + "=replay")
public final class ReplayMode implements Mode {

    private static final List<String> CLIENTS = List.of("deribit", "binance");
    /** The id of the subscription in the configuration. */
    private static final String MARK = "\"holdfast-replay\"";
    /** Recordings of any length may be played, but something must come all the time. */
    private static final long STALLED_SECONDS = 30;

    private static final long LEFT_SECONDS = 10;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final BundleContext context;

    /** @param simulator here so that the mode is not there before it */
    @Activate
    public ReplayMode(BundleContext context, @Reference Simulator simulator) {
        this.context = context;
    }

    @Deactivate
    void deactivate() {
        stopped.countDown();
    }

    /** @param arguments the directory, with a folder of {@code .jsonl} files for each client */
    @Override
    public int applyAsInt(List<String> arguments) {
        Path directory = Path.of(arguments.get(0));
        Map<String, Comparison> comparisons = new LinkedHashMap<>();
        CLIENTS.forEach(
                client -> comparisons.put(client, new Comparison(MARK, Replay.files(directory.resolve(client)))));
        List<ServiceRegistration<MessageListener>> listening = comparisons.entrySet().stream()
                .map(e -> context.registerService(MessageListener.class, e.getValue(), properties(e.getKey())))
                .toList();
        ServiceTracker<WebSocketClient, WebSocketClient> clients =
                new ServiceTracker<>(context, WebSocketClient.class, null);
        clients.open();
        try {
            boolean equal = true;
            for (Map.Entry<String, Comparison> e : comparisons.entrySet()) {
                equal &= wait(e.getKey(), e.getValue());
            }
            clients.getTracked().values().forEach(WebSocketClient::close);
            for (Map.Entry<String, Comparison> e : comparisons.entrySet()) {
                equal &= report(e.getKey(), e.getValue());
            }
            System.out.println(
                    equal
                            ? "holdfast: every recorded frame was delivered unchanged and in order"
                            : "holdfast: replay failed");
            return equal ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            clients.close();
            listening.forEach(ServiceRegistration::unregister);
        }
    }

    private static Dictionary<String, Object> properties(String client) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(MessageListener.CLIENT, client);
        return properties;
    }

    /** @return whether the end was reached */
    private boolean wait(String client, Comparison comparison) throws InterruptedException {
        long before = -1;
        while (!comparison.over().await(STALLED_SECONDS, TimeUnit.SECONDS)) {
            long now = total(comparison);
            if (now == before || stopped.getCount() == 0) {
                System.out.println(client + ": nothing came for " + STALLED_SECONDS + " s, after " + now + " frames");
                return false;
            }
            before = now;
        }
        return true;
    }

    private static boolean report(String client, Comparison comparison) throws InterruptedException {
        if (!comparison.left().await(LEFT_SECONDS, TimeUnit.SECONDS)) {
            System.out.println(client + ": the listener was not told of the end");
            return false;
        }
        comparison
                .frames()
                .forEach((file, frames) ->
                        System.out.println(client + ": " + file.getFileName() + ": " + frames + " frames"));
        System.out.printf(Locale.ROOT, "%s: %d frames, %d bytes%n", client, total(comparison), comparison.bytes());
        if (!comparison.difference().isEmpty()) {
            System.out.println(client + ": " + comparison.difference());
            return false;
        }
        return true;
    }

    private static long total(Comparison comparison) {
        return comparison.frames().values().stream().mapToLong(Long::longValue).sum();
    }
}
