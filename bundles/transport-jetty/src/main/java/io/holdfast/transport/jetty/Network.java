// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of one transport share: threads, selectors, buffers, trust stores. */
final class Network implements Executor, AutoCloseable {
    /** Jetty's own limit for TCP, which it wants; ours are per attempt and shorter. */
    static final Duration LONGEST_CONNECT = Duration.ofMinutes(2);

    private static final int MAX_THREADS = 16;
    private static final int NAME_THREADS = 4;
    private static final long STOP_MILLIS = 2_000;

    private final Logger logger = LoggerFactory.getLogger(Network.class);
    private final Set<JettyConnection> connections = ConcurrentHashMap.newKeySet();
    private final QueuedThreadPool threads;
    private final ScheduledThreadPoolExecutor timer;
    private final Scheduler scheduler;
    private final Selectors selectors;
    private final ByteBufferPool buffers = new ArrayByteBufferPool();
    private final WebSocketComponents components;
    private final Spares<ReadBuffer> readBuffers = new Spares<>(ReadBuffer::empty);
    private final Spares<SocketBuffer> socketBuffers = new Spares<>(SocketBuffer::empty);
    private final SecureRandom random = new SecureRandom();
    private final TlsContexts tls = new TlsContexts();
    private final Resolver resolver;

    /** Names are looked up beside the other threads: a resolver that hangs must not hold up living connections. */
    private final ThreadPoolExecutor names;

    private volatile boolean closed;

    Network(Resolver resolver, int selectorCount) {
        this.resolver = resolver;
        // No reserved threads: what blocks is handed over, and the selector's thread goes on selecting.
        threads = new QueuedThreadPool(MAX_THREADS, 2, 30_000, 0, null, null);
        threads.setName("holdfast-transport");
        threads.setDaemon(true);
        threads.setStopTimeout(STOP_MILLIS);
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "holdfast-transport-timer"));
        timer.setRemoveOnCancelPolicy(true);
        scheduler = new ScheduledExecutorScheduler(timer);
        selectors = new Selectors(threads, scheduler, selectorCount);
        selectors.setConnectTimeout(LONGEST_CONNECT.toMillis());
        components = new WebSocketComponents(null, null, buffers, null, null, threads);
        AtomicInteger number = new AtomicInteger();
        names = new ThreadPoolExecutor(
                NAME_THREADS,
                NAME_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "holdfast-transport-names-" + number.incrementAndGet()));
        names.allowCoreThreadTimeOut(true);
    }

    static Network start(Resolver resolver, int selectorCount) {
        Network network = new Network(resolver, selectorCount);
        try {
            network.threads.start();
            network.scheduler.start();
            network.components.start();
            network.selectors.start();
            return network;
        } catch (Exception e) {
            network.close();
            throw new IllegalStateException("the transport could not be started", e);
        }
    }

    Executor threads() {
        return threads;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Selectors selectors() {
        return selectors;
    }

    ByteBufferPool buffers() {
        return buffers;
    }

    Spares<ReadBuffer> readBuffers() {
        return readBuffers;
    }

    Spares<SocketBuffer> socketBuffers() {
        return socketBuffers;
    }

    SecureRandom random() {
        return random;
    }

    WebSocketComponents components() {
        return components;
    }

    TlsContexts tls() {
        return tls;
    }

    Resolver resolver() {
        return resolver;
    }

    /** Runs what may block for long. */
    void lookUp(Runnable task) {
        names.execute(task);
    }

    /** Runs the task on a thread of the transport, while stopping on the caller's. */
    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            logger.debug("The transport is stopping: a task runs on its caller's thread");
            task.run();
        }
    }

    /** Whether the connection may begin; its end removes it. */
    boolean add(JettyConnection connection) {
        connections.add(connection);
        if (closed) {
            connections.remove(connection);
            return false;
        }
        return true;
    }

    void remove(JettyConnection connection) {
        connections.remove(connection);
    }

    int size() {
        return connections.size();
    }

    @Override
    public void close() {
        closed = true;
        connections.forEach(JettyConnection::transportStopped);
        names.shutdownNow();
        // A listener that blocks its selector would hold up an orderly stop for ever; stopping the pool interrupts it,
        // but then
        // Jetty waits for a selector that is gone, so that the one who waits is interrupted too.
        Thread stopper = daemon(() -> stop(selectors), "holdfast-transport-stop");
        stopper.start();
        join(stopper);
        stop(scheduler);
        stop(components);
        stop(threads);
        stopper.interrupt();
        join(stopper);
        timer.shutdownNow();
        if (!isOver(timer) || !isOver(names) || stopper.isAlive() || threads.getThreads() > 0) {
            logger.warn("The transport is stopped, but foreign code still blocks one of its threads");
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(Network.class.getClassLoader());
        return thread;
    }

    private boolean isOver(ExecutorService executor) {
        try {
            return executor.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void join(Thread thread) {
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            // Stopping goes on without waiting; who asked for the interruption still learns of it.
            Thread.currentThread().interrupt();
        }
    }

    private void stop(LifeCycle part) {
        try {
            part.stop();
        } catch (InterruptedException e) {
            logger.debug("Waiting for a selector that foreign code blocked was given up");
        } catch (Exception e) {
            logger.warn("A part of the transport did not stop: {}", Text.of(e));
        }
    }
}
