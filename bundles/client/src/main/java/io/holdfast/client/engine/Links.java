// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.client.core.Input;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The connections of one client: the current one and, while it is being replaced, the one beside it. Changed on the mailbox;
 * what says so may be asked for from any thread.
 */
final class Links {
    /** What this needs of its client; called on the mailbox. */
    interface Owner extends LiveConnection.Owner {
        /** Makes the connection with that number. */
        Connection connection(long number);

        void drained(long connection);

        /** Data of the connection may come before the listeners know of it. */
        void holdBack(long connection);

        /** The listeners may have them. */
        void dataBegins(long connection);
    }

    /** How often it is looked whether the old connection has anything left to do. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private record Link(Connection connection, LiveConnection live) {
        private Link(Connection connection) {
            this(connection, null);
        }
    }

    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;
    private final Ids ids;
    private final HeartbeatBinding heartbeat;
    private final Optional<ExchangeSide> exchange;
    private final Connector connector;
    private final Owner owner;

    /** Each null when there is none. */
    private record Both(Link current, Link beside) {}

    /** One field: who asks for a connection by its number must find it while the two change places. The mailbox writes. */
    private volatile Both links = new Both(null, null);

    private Cancellable look = Cancellable.NONE;

    Links(
            Environment environment,
            Executor mailbox,
            Supplier<ClientOptions> options,
            Ids ids,
            HeartbeatBinding heartbeat,
            Optional<ExchangeSide> exchange,
            Connector connector,
            Owner owner) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.options = options;
        this.ids = ids;
        this.heartbeat = heartbeat;
        this.exchange = exchange;
        this.connector = connector;
        this.owner = owner;
    }

    // --- asked, from any thread

    Optional<Connection> current() {
        return Optional.ofNullable(links.current).map(Link::connection);
    }

    Optional<Connection> byNumber(long number) {
        Link link = link(number);
        return Optional.ofNullable(link).map(Link::connection);
    }

    private Link link(long number) {
        Both now = links;
        Link c = now.current;
        if (c != null && c.connection().number == number) {
            return c;
        }
        Link b = now.beside;
        return b != null && b.connection().number == number ? b : null;
    }

    // --- asked, on the mailbox

    private boolean isBeside(Connection connection) {
        Link b = links.beside;
        return b != null && b.connection() == connection;
    }

    /** That connection, if it is open. */
    Optional<LiveConnection> live(Connection connection) {
        Link link = link(connection.number);
        return link == null || link.connection() != connection ? Optional.empty() : Optional.ofNullable(link.live());
    }

    /** The current connection, if it is open. */
    Optional<LiveConnection> live() {
        return Optional.ofNullable(links.current).map(Link::live);
    }

    // --- what the machine decided

    /**
     * @param isBeside whether the current connection stays meanwhile
     * @param failed gets what the machine is to be told when the attempt cannot even begin
     */
    void connect(long number, boolean isBeside, Consumer<Input> failed) {
        Connection next = owner.connection(number);
        if (isBeside) {
            links = new Both(links.current, new Link(next));
            long old = links.current.connection().number;
            // Before anything can come on it: what both bring is joined from the first message on.
            exchange.ifPresent(x -> {
                x.sessions().rotationBegins(old, number);
            });
        } else {
            links = new Both(new Link(next), links.beside);
        }
        // From the first moment on: what the address names may come before the mailbox knows that it is open.
        exchange.ifPresent(x -> next.tap(x.tap(number)));
        connector.connect(options.get(), next, base -> address(next, base), failed);
    }

    /** The last moment before a connection is made. */
    private URI address(Connection connection, URI base) {
        URI uri = exchange.map(x -> x.uri(base, connection)).orElse(base);
        boolean isBeside = isBeside(connection);
        if (!isBeside && !connection.channelsInUri.isEmpty()) {
            owner.holdBack(connection.number);
        }
        return uri;
    }

    void beginSetup(long number) {
        Connection opened = link(number).connection();
        // The heartbeat may have changed since the attempt began.
        opened.matcher(heartbeat.inForce().matcher());
        exchange.ifPresent(x -> opened.tap(x.tap(number)));
        boolean isBeside = isBeside(opened);
        Optional<ExchangeSession> session = exchange.map(x -> x.open(opened, isBeside));
        Pacing.of(options.get(), session, opened, environment, mailbox).ifPresent(opened::pacing);
        LiveConnection live =
                new LiveConnection(opened, ids, heartbeat.profile(), session, options, environment, mailbox, owner);
        Link link = new Link(opened, live);
        links = isBeside ? new Both(links.current, link) : new Both(link, links.beside);
        live.begin();
        if (!opened.channelsInUri.isEmpty()) {
            // Not only when it is set up: the server's answers lie behind its data, of which only so much is held back.
            mailbox.execute(() -> owner.dataBegins(number));
        }
    }

    void closeHandshake(long number, int code, String reason) {
        byNumber(number).ifPresent(c -> c.closeHandshake(code, reason));
    }

    void abort(long number) {
        byNumber(number).ifPresent(this::abort);
    }

    private void abort(Connection connection) {
        connection.abort();
        exchange.ifPresent(x -> x.preparations().giveUp(connection));
    }

    /** Nothing of the current connection counts any more. */
    void interrupted(long number) {
        Link link = links.current;
        if (link == null || link.connection().number != number) {
            return;
        }
        link.connection().retire();
        link.connection().endSends();
        if (link.live() != null) {
            exchange.ifPresent(x -> x.sessions().lost(link.connection()));
            link.live().end();
            links = new Both(new Link(link.connection()), links.beside);
        }
    }

    void takeOver() {
        Link old = links.current;
        links = new Both(links.beside, old);
        if (exchange.isPresent()) {
            exchange.get().sessions().takeOver();
        } else {
            // Nobody can tell what else is asked on it; data comes on the new one from here on.
            old.connection().retire();
        }
        lookWhetherDrained(old.connection());
    }

    private void lookWhetherDrained(Connection old) {
        boolean streams = exchange.map(x -> x.sessions().drained()).orElse(true);
        if (streams && old.sendsIdle()) {
            owner.drained(old.number);
        } else {
            look = environment.schedule(
                    LOOK.toNanos(),
                    () -> mailbox.execute(() -> {
                        if (isBeside(old)) {
                            lookWhetherDrained(old);
                        }
                    }));
        }
    }

    /** The current connection has ended: the one beside it takes its place, as far as it is. */
    void inherit() {
        Both now = links;
        if (now.beside != null && mayHaveData(now.beside.connection())) {
            // Shown from here on, but not before the listeners are told of the connection.
            owner.holdBack(now.beside.connection().number);
        }
        links = new Both(now.beside == null ? now.current : now.beside, null);
        exchange.ifPresent(x -> x.sessions().inherit());
    }

    private boolean mayHaveData(Connection beside) {
        return !beside.channelsInUri.isEmpty()
                || exchange.map(x -> x.sessions().dataBegan(beside)).orElse(false);
    }

    /** The connection beside the current one is over. */
    void retired(long number) {
        Link link = links.beside;
        if (link == null || link.connection().number != number) {
            return;
        }
        look.cancel();
        links = new Both(links.current, null);
        link.connection().retire();
        link.connection().endSends();
        exchange.ifPresent(x -> x.sessions().retired(link.connection()));
        if (link.live() != null) {
            link.live().end();
        }
    }

    // --- the heartbeat

    void swap(HeartbeatProfile profile) {
        for (Link link : new Link[] {links.current, links.beside}) {
            if (link != null && link.live() != null) {
                link.live().swap(profile, heartbeat.inForce().matcher());
            }
        }
    }

    // --- the end

    /**
     * A fault of the engine: what is open is of no use any more.
     *
     * @param interrupted told of the current connection, if it was open; before that beside it ends, whose calls belong to what
     *     the interruption may have cost
     */
    void abandon(Consumer<Connection> interrupted) {
        Link c = links.current;
        if (c != null) {
            abort(c.connection());
        }
        live().map(LiveConnection::connection).ifPresent(interrupted);
        Link b = links.beside;
        if (b != null) {
            abort(b.connection());
            retired(b.connection().number);
        }
    }

    void end() {
        look.cancel();
    }
}
