// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on 127.0.0.1, and can stop and start on the same port: a second socket, bound and never listening, keeps the
 * port from being given to anybody else meanwhile. Loop thread only, but for the constructor.
 */
public final class Listener implements Loop.Ready {

    private static final int BACKLOG = 4096;

    private final Logger log = LoggerFactory.getLogger(Listener.class);
    private final Loop loop;
    private final int receiveBuffer;
    private final Consumer<SocketChannel> accepted;
    private final SocketChannel placeholder;
    private final InetSocketAddress address;
    private ServerSocketChannel server;
    private boolean closed;

    public Listener(Loop loop, InetAddress host, int port, int receiveBuffer, Consumer<SocketChannel> accepted)
            throws IOException {
        this.loop = loop;
        this.receiveBuffer = receiveBuffer;
        this.accepted = accepted;
        placeholder = SocketChannel.open();
        try {
            placeholder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            placeholder.bind(new InetSocketAddress(host, port));
            address = (InetSocketAddress) placeholder.getLocalAddress();
            open();
        } catch (IOException e) {
            placeholder.close();
            throw e;
        }
    }

    public int port() {
        return address.getPort();
    }

    public boolean isListening() {
        return server != null;
    }

    private void open() throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (receiveBuffer > 0) {
                opened.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            opened.bind(address, BACKLOG);
            opened.configureBlocking(false);
            opened.register(loop.selector(), SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        server = opened;
    }

    /** Nothing once it is closed: who wanted it at a set time may come late. */
    public void listen() {
        if (server == null && !closed) {
            try {
                open();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot listen on port " + port() + " again", e);
            }
        }
    }

    /** From now on the operating system refuses. Connections it had accepted but not handed over are reset. */
    public void refuse() {
        if (server != null) {
            close(server);
            server = null;
        }
    }

    /** Stops for good and gives the port back. */
    public void close() {
        closed = true;
        refuse();
        close(placeholder);
    }

    private void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.warn("closing a socket failed: {}", e.toString());
        }
        loop.purgeClosed();
    }

    @Override
    public void ready() {
        try {
            SocketChannel channel;
            while (server != null && (channel = server.accept()) != null) {
                accepted.accept(channel);
            }
        } catch (IOException e) {
            log.warn("accepting failed: {}", e.toString());
        }
    }
}
