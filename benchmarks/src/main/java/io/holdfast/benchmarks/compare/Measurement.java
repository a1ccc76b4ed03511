// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.compare;

import com.sun.management.OperatingSystemMXBean;
import io.holdfast.benchmarks.peers.Peer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One client library, one test, one number; a process of its own. Arguments: client, test, parameter, port. Prints {@code RESULT x}. */
public final class Measurement {
    private static final long LIMIT_SECONDS = 60;
    private static final OperatingSystemMXBean OS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Peer peer;
    private final String base;

    private Measurement(Peer peer, int port) {
        this.peer = peer;
        this.base = "ws://127.0.0.1:" + port;
    }

    public static void main(String[] args) throws Exception {
        int parameter = Integer.parseInt(args[2]);
        Measurement measurement = new Measurement(Peer.of(args[0]), Integer.parseInt(args[3]));
        double result = switch (args[1]) {
            case "receive" -> measurement.receive(parameter);
            case "answer" -> measurement.answer(parameter);
            case "heap" -> measurement.heap(parameter);
            default -> throw new IllegalArgumentException("test " + args[1]);
        };
        System.out.printf(Locale.ROOT, "RESULT %.4f%n", result);
        System.out.flush();
        // Threads of libraries must not hold up the next measurement.
        Runtime.getRuntime().halt(0);
    }

    private Peer.Connection open(String path, Peer.Receiver receiver) throws Exception {
        return peer.connect(URI.create(base + path), receiver)
                .toCompletableFuture()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** CPU of the whole process in microseconds for each message of that size; the listener only counts. */
    private double receive(int size) throws Exception {
        Counter counter = new Counter();
        Peer.Connection connection = open("/flood", counter);
        long chunk = 20_000;
        long count = chunk;
        long begun = OS.getProcessCpuTime();
        long latest = System.nanoTime() + 60_000_000_000L;
        // By CPU and not by time: on a busy machine the compiler must get as far as on a quiet one.
        while (OS.getProcessCpuTime() - begun < 4_000_000_000L && System.nanoTime() < latest) {
            long cpu = OS.getProcessCpuTime();
            counter.flood(connection, chunk, size);
            // So many as take about a second.
            count = Math.max(count, chunk * 1_000_000_000L / Math.max(10_000_000L, OS.getProcessCpuTime() - cpu));
        }
        List<Double> phases = new ArrayList<>();
        for (int phase = 0; phase < 3; phase++) {
            System.gc();
            long cpu = OS.getProcessCpuTime();
            counter.flood(connection, count, size);
            phases.add((OS.getProcessCpuTime() - cpu) / 1e3 / count);
        }
        phases.sort(null);
        return phases.get(1);
    }

    /** Microseconds, median, from a request to its answer in the hands of a thread that waits for it on a future. */
    private double answer(int size) throws Exception {
        AtomicReference<CompletableFuture<String>> next = new AtomicReference<>();
        Peer.Connection connection = open("/echo", text -> next.get().complete(text));
        String request = new String(LoadServer.message(size), java.nio.charset.StandardCharsets.US_ASCII);
        int warmUp = 15_000;
        long[] times = new long[15_000];
        for (int i = -warmUp; i < times.length; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            next.set(answer);
            long start = System.nanoTime();
            connection.send(request);
            answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (i >= 0) {
                times[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(times);
        return times[times.length / 2] / 1e3;
    }

    /** Bytes of live heap for each of so many idle connections. */
    private double heap(int connections) throws Exception {
        List<Peer.Connection> kept = new ArrayList<>(openMany(100));
        long before = liveHeap();
        kept.addAll(openMany(connections));
        long after = liveHeap();
        if (kept.size() != connections + 100) {
            throw new IllegalStateException("connections are missing");
        }
        return (after - before) / (double) connections;
    }

    private List<Peer.Connection> openMany(int count) throws Exception {
        Semaphore underWay = new Semaphore(64);
        List<CompletableFuture<? extends Peer.Connection>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!underWay.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("connecting came to a stop at " + i);
            }
            var opening = peer.connect(URI.create(base + "/idle"), text -> {}).toCompletableFuture();
            opening.whenComplete((connection, failure) -> underWay.release());
            all.add(opening);
        }
        List<Peer.Connection> open = new ArrayList<>();
        for (var opening : all) {
            open.add(opening.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
        return open;
    }

    private static long liveHeap() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            // What the collector found unreachable is cleaned up by other threads.
            TimeUnit.MILLISECONDS.sleep(300);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Counts on the library's thread; one flood at a time. */
    private static final class Counter implements Peer.Receiver {
        private long left;
        private volatile CountDownLatch done;

        private void flood(Peer.Connection connection, long count, int size) throws InterruptedException {
            left = count;
            done = new CountDownLatch(1);
            connection.send("go " + count + " " + size);
            if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("messages are missing: " + left + " of " + count);
            }
        }

        @Override
        public void text(String text) {
            if (--left == 0) {
                done.countDown();
            }
        }
    }
}
