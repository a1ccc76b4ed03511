// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** Jetty's selectors; what they meet on the way to a connection goes to the {@link Try} that is attached. */
final class Selectors extends SelectorManager {
    private final List<ManagedSelector> selectors = new CopyOnWriteArrayList<>();

    Selectors(Executor executor, Scheduler scheduler, int count) {
        super(executor, scheduler, count);
    }

    /** Lets the selectors drop the keys of channels that were closed beside them: only then is the socket closed. */
    void wakeUp() {
        selectors.forEach(selector -> selector.submit(nothing -> {}));
    }

    @Override
    protected ManagedSelector newSelector(int id) {
        ManagedSelector selector = super.newSelector(id);
        selectors.add(selector);
        return selector;
    }

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        return new SocketChannelEndPoint((SocketChannel) channel, selector, key, getScheduler());
    }

    @Override
    public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
        return ((Try) attachment).newConnection((SocketChannelEndPoint) endPoint);
    }

    @Override
    protected void connectionFailed(SelectableChannel channel, Throwable failure, Object attachment) {
        ((Try) attachment).tcpFailed(failure);
    }

    @Override
    protected void onAcceptFailed(SelectableChannel channel, Throwable failure, Object attachment) {
        ((Try) attachment).tcpFailed(failure);
    }
}
