// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectFailure.Kind;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.HttpProxy;
import io.holdfast.transport.jetty.frames.Compression;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** One attempt: look the name up, try its addresses in turn, upgrade. Ends exactly once. */
final class Attempt {
    private final Network network;
    private final ConnectRequest request;
    private final UpgradeRequest upgrade;
    private final JettyConnection connection;
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicReference<Try> current = new AtomicReference<>();
    private final AtomicReference<Scheduler.Task> limit = new AtomicReference<>();

    /** What became of the addresses tried so far. */
    private final List<String> errors = new CopyOnWriteArrayList<>();

    private final Set<Kind> kinds = ConcurrentHashMap.newKeySet();
    private volatile String step = "waiting to look the name up";

    Attempt(Network network, ConnectRequest request, UpgradeRequest upgrade, JettyConnection connection) {
        this.network = network;
        this.request = request;
        this.upgrade = upgrade;
        this.connection = connection;
    }

    void start() {
        Scheduler.Task task = network.scheduler()
                .schedule(this::expired, request.connectTotal().toNanos(), TimeUnit.NANOSECONDS);
        limit.set(task);
        if (done.get()) {
            task.cancel();
            return;
        }
        Optional<InetAddress> literal = upgrade.secure() ? Optional.empty() : IpLiteral.parse(host());
        if (literal.isPresent()) {
            tryNext(new InetAddress[] {literal.get()}, 0, null);
        } else {
            // It may block, as the reading of trust stores may.
            network.lookUp(this::lookUp);
        }
    }

    /** Ends the attempt and tells the connection. */
    void fail(ConnectFailure failure) {
        if (finish()) {
            connection.failed(failure);
        }
    }

    /** Ends the attempt in silence. */
    void abort() {
        finish();
    }

    Network network() {
        return network;
    }

    ConnectRequest request() {
        return request;
    }

    UpgradeRequest upgrade() {
        return upgrade;
    }

    void step(String text) {
        step = text;
    }

    void opened(EndPoint endPoint, Compression compression) {
        if (done.compareAndSet(false, true)) {
            cancelLimit();
            current.set(null);
            connection.upgraded(endPoint, compression);
        } else {
            Sockets.reset(endPoint);
        }
    }

    private boolean finish() {
        if (!done.compareAndSet(false, true)) {
            return false;
        }
        cancelLimit();
        Try last = current.getAndSet(null);
        if (last != null) {
            last.close();
        }
        return true;
    }

    private void cancelLimit() {
        Scheduler.Task task = limit.getAndSet(null);
        if (task != null) {
            task.cancel();
        }
    }

    private void expired() {
        fail(ConnectFailure.of(Kind.TIMEOUT, withErrors("not open after " + request.connectTotal() + ", " + step)));
    }

    private void lookUp() {
        if (done.get()) {
            return;
        }
        SSLContext tls = null;
        if (upgrade.secure()) {
            try {
                tls = network.tls().context(request.tls());
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                String file = request.tls().store().map(path -> " " + path).orElse("");
                fail(ConnectFailure.of(
                        Kind.TLS,
                        "the trust store" + file + (request.tls().key().isPresent() ? " or the key store" : "")
                                + " cannot be used: " + Text.of(e)));
                return;
            }
        }
        String host = host();
        step = "looking up " + host;
        InetAddress[] addresses;
        try {
            addresses = network.resolver().resolve(host);
        } catch (UnknownHostException | RuntimeException e) {
            fail(ConnectFailure.of(Kind.UNRESOLVED, "no address for " + host + ": " + Text.of(e)));
            return;
        }
        tryNext(addresses, 0, tls);
    }

    private String host() {
        return request.proxy().map(HttpProxy::host).orElse(upgrade.host());
    }

    private void tryNext(InetAddress[] addresses, int index, SSLContext tls) {
        if (done.get()) {
            return;
        }
        if (index == addresses.length) {
            fail(ConnectFailure.of(verdict(), withErrors("no address of " + where() + " could be connected to")));
            return;
        }
        InetSocketAddress address = new InetSocketAddress(
                addresses[index], request.proxy().map(HttpProxy::port).orElse(upgrade.port()));
        Try next = new Try(this, address, tls, (kind, text) -> {
            kinds.add(kind);
            errors.add(address.getAddress().getHostAddress() + ":" + address.getPort() + " " + text);
            tryNext(addresses, index + 1, tls);
        });
        current.set(next);
        if (done.get()) {
            next.close();
        } else {
            next.start();
        }
    }

    /** TLS first, as only an operator can mend it; a mixture of refusals and time-outs counts as unreachable. */
    private Kind verdict() {
        return kinds.contains(Kind.TLS)
                ? Kind.TLS
                : kinds.equals(Set.of(Kind.TIMEOUT)) ? Kind.TIMEOUT : Kind.UNREACHABLE;
    }

    private String where() {
        return request.proxy().map(proxy -> "the proxy " + proxy.host()).orElse(upgrade.host());
    }

    private String withErrors(String text) {
        return errors.isEmpty() ? text : text + ": " + String.join("; ", errors);
    }
}
