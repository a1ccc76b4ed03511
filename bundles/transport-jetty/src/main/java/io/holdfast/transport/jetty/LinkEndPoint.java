// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * Stands between Jetty's frames and the socket (or TLS) and sees every read and write: it stamps the time of reads, runs
 * tasks after a read pass, limits the time of writes, and lets the selector's own thread read.
 *
 * <p>Reads are made by one thread at a time, in passes: fill until there is nothing, then wait to be told of more.
 */
final class LinkEndPoint implements EndPoint, EndPoint.Wrapper {
    /** Reads of one pass before the selector's other connections get their turn. */
    private static final int READS_PER_TURN = 8;

    private final EndPoint below;
    private final Network network;
    private final WriteLimit writeLimit;
    private final Consumer<Runnable> passTasks;

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<LinkEndPoint, Queue> WAITING =
            AtomicReferenceFieldUpdater.newUpdater(LinkEndPoint.class, Queue.class, "waiting");

    /** Tasks that wait for a pass that has not begun yet. Null before the first: on most connections there is none. */
    private volatile Queue<Runnable> waiting;

    /** Tasks of the pass that is going on; the reading thread's. Made when there are some. */
    private List<Runnable> due = List.of();

    /** Null on a plain socket. */
    private final TlsConnection tls;

    private int reads;

    /** The last read took all that the socket had; TLS knows that for itself. */
    private boolean drained;

    /** Of a plain socket; the reading thread's. Null while nothing was read that is not handed on. */
    private SocketBuffer unread;

    private long readNanos = System.nanoTime();
    private Inline inline;

    /** @param passTasks runs a task, on the reading thread, after the pass it waited for */
    LinkEndPoint(EndPoint below, Network network, WriteLimit writeLimit, Consumer<Runnable> passTasks) {
        this.below = below;
        this.network = network;
        this.writeLimit = writeLimit;
        this.passTasks = passTasks;
        tls = below instanceof SslConnection.SslEndPoint secure ? (TlsConnection) secure.getSslConnection() : null;
    }

    /** When the bytes now being handled were read; for the reading thread. */
    long readNanos() {
        return readNanos;
    }

    /**
     * Runs the task after a pass that begins after this call. Reads at once if the socket waits for the selector, whatever
     * the selector does; else the pass that is going on, or the next demand, is followed by another.
     */
    void afterReadPass(Runnable task) {
        if (waiting == null) {
            WAITING.compareAndSet(this, null, new ConcurrentLinkedQueue<Runnable>());
        }
        waiting.add(task);
        network.execute(this::pass);
    }

    /** There will be no more passes. */
    void forgetPassTasks() {
        if (waiting != null) {
            waiting.clear();
        }
    }

    private boolean isWaitedFor() {
        return waiting != null && !waiting.isEmpty();
    }

    private void pass() {
        if (isWaitedFor()) {
            // The same call that the selector makes when bytes are there; void if somebody is reading or nobody wants
            // to.
            Sockets.below(below).getFillInterest().fillable();
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        if (unread != null && !unread.isEmpty()) {
            return unread.handOn(buffer);
        }
        if (++reads > READS_PER_TURN) {
            // A peer that sends faster than we handle would keep the thread from the selector's other connections.
            reads = 0;
            releaseUnread();
            postpone();
            return 0;
        }
        takeTasks();
        int filled = drained ? 0 : read(buffer);
        if (filled > 0) {
            return filled;
        }
        releaseUnread();
        drained = false;
        reads = 0;
        if (filled == 0 && !due.isEmpty()) {
            due.forEach(passTasks);
        }
        due = List.of();
        return filled;
    }

    private int read(ByteBuffer buffer) throws IOException {
        if (tls != null) {
            int filled = below.fill(buffer);
            readNanos = filled > 0 ? System.nanoTime() : readNanos;
            return filled;
        }
        if (unread == null || !unread.isShared()) {
            unread = network.socketBuffers().take();
        }
        int filled = unread.fill(below);
        if (filled <= 0) {
            return filled;
        }
        // What did not fill the buffer was all there is: to ask again costs a system call that says so.
        drained = filled < SocketBuffer.SIZE;
        readNanos = System.nanoTime();
        return unread.handOn(buffer);
    }

    /** For the reading thread, before it leaves bytes unread for longer: what every connection may hold is no shared buffer. */
    void pause() {
        postpone();
        if (unread != null && unread.isShared()) {
            SocketBuffer rest = unread.isEmpty() ? null : unread.copy();
            releaseUnread();
            unread = rest;
        }
    }

    /** For the reading thread, when nothing more is to be read. */
    void releaseUnread() {
        if (unread != null && unread.isShared()) {
            unread.clear();
            network.socketBuffers().giveBack(unread);
        }
        unread = null;
    }

    /** The pass ends before there was nothing to read: the next one takes its tasks along. */
    private void postpone() {
        if (!due.isEmpty()) {
            waiting.addAll(due);
            due = List.of();
        }
    }

    private void takeTasks() {
        if (isWaitedFor()) {
            due = due.isEmpty() ? new ArrayList<>() : due;
            for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
                due.add(task);
            }
        }
        // A read that did not fill its buffer says that there is nothing more with all but certainty: more can be on
        // its way
        // through the kernel. For a task it must be certain.
        drained &= due.isEmpty();
        if (tls != null) {
            tls.readToTheEnd(!due.isEmpty());
        }
    }

    @Override
    public void fillInterested(Callback callback) {
        below.fillInterested(inline(callback));
        if (isWaitedFor()) {
            // Asked for while a pass was ending: that one may have looked at the socket before.
            network.execute(this::pass);
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return below.tryFillInterested(inline(callback));
    }

    /** Handling a frame does not block, so the selector's thread may do it: one hand-over less per wake-up. */
    private Callback inline(Callback callback) {
        if (callback.getInvocationType() == InvocationType.NON_BLOCKING) {
            return callback;
        }
        if (inline == null || inline.callback != callback) {
            inline = new Inline(callback);
        }
        return inline;
    }

    private record Inline(Callback callback) implements Callback {
        @Override
        public void succeeded() {
            callback.succeeded();
        }

        @Override
        public void failed(Throwable failure) {
            callback.failed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        WriteLimit.Write write = writeLimit.begin(callback);
        below.write(write, buffers);
        write.watch();
    }

    @Override
    public EndPoint unwrap() {
        return below;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return below.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return below.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return below.getCreatedTimeStamp();
    }

    @Override
    public void shutdownOutput() {
        below.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return below.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return below.isInputShutdown();
    }

    @Override
    public void close(Throwable cause) {
        below.close(cause);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return below.flush(buffers);
    }

    @Override
    public Object getTransport() {
        return below.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return below.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long millis) {
        below.setIdleTimeout(millis);
    }

    @Override
    public boolean isFillInterested() {
        return below.isFillInterested();
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return below.cancelWrite(cause);
    }

    @Override
    public Connection getConnection() {
        return below.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        below.setConnection(connection);
    }

    @Override
    public void onOpen() {
        below.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        below.onClose(cause);
    }

    @Override
    public void upgrade(Connection newConnection) {
        below.upgrade(newConnection);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return below.getSslSessionData();
    }
}
