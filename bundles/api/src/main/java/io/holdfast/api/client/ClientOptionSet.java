// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import static io.holdfast.api.options.Option.Effect.LIVE;
import static io.holdfast.api.options.Option.Effect.RECONNECT;
import static io.holdfast.api.options.Option.Effect.RESTART;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import java.util.List;

/** The declaration of every option of a client, in the order of the documentation. */
final class ClientOptionSet {
    static final OptionSet OPTIONS = OptionSet.of(
                    Option.text(
                            "client.id",
                            "",
                            RESTART,
                            "The client's id, unique in the container; a configuration's is the part after '~' of its PID."),
                    Option.uri("uri", RECONNECT, "Where to connect, ws or wss."),
                    Option.flag("insecure", false, RECONNECT, "Accept plain ws to a host that is not loopback."),
                    Option.texts(
                            "headers",
                            RECONNECT,
                            "Further headers of the upgrade request, each 'Name: value'; none that holds a secret."),
                    Option.text(
                            "credentials",
                            "",
                            RECONNECT,
                            "The name under which credential sources are asked for secret headers, the passwords of trust store and key store, the proxy's user and password, and the log-in at an exchange."),
                    Option.text(
                            "tls.truststore",
                            "",
                            RECONNECT,
                            "File with the certificates to trust instead of the JVM's."),
                    Option.choice(
                            "tls.truststore.type",
                            "PKCS12",
                            RECONNECT,
                            List.of("PKCS12", "JKS", "PEM"),
                            "Type of the trust store; PEM: a file of certificates."),
                    Option.text(
                            "tls.keystore",
                            "",
                            RECONNECT,
                            "File with the client's own key and certificate, for servers that ask for one."),
                    Option.choice(
                            "tls.keystore.type",
                            "PKCS12",
                            RECONNECT,
                            List.of("PKCS12", "JKS", "PEM"),
                            "Type of the key store; PEM: a private key in PKCS #8 and its certificates."),
                    Option.texts(
                            "subprotocols",
                            RECONNECT,
                            "Sub-protocols offered, the preferred one first (Sec-WebSocket-Protocol)."),
                    Option.uri(
                            "proxy",
                            RECONNECT,
                            "HTTP proxy, http://host:port, that is asked for a tunnel; its user and password come from the credentials."),
                    Option.duration("connect.timeout", ofSeconds(10), LIVE, "Limit for TCP and TLS with one address."),
                    Option.duration(
                            "connect.total",
                            ofSeconds(30),
                            LIVE,
                            "Limit for one attempt over all addresses, upgrade included."),
                    Option.duration(
                            "write.timeout",
                            ofSeconds(10),
                            RECONNECT,
                            "Limit for writing one frame; then the connection is aborted."),
                    Option.duration("close.timeout", ofSeconds(5), LIVE, "Limit for the closing handshake."),
                    Option.duration(
                            "idle.timeout",
                            ZERO,
                            LIVE,
                            "Replace the connection when nothing at all came for this long; 0s leaves it to the heartbeat."),
                    Option.integer("message.max.bytes", 16 * 1024 * 1024, RECONNECT, "Largest message accepted."),
                    Option.integer(
                            "send.buffer.max.bytes",
                            1024 * 1024,
                            LIVE,
                            "Bytes that may wait to be written; more is refused."),
                    Option.integer(
                            "send.limit.messages",
                            0,
                            RECONNECT,
                            "The most messages that a connection sends in any second, heartbeats and pongs counted, for one of which there is always room; at least send.limit.burst + 2; 0: no limit. Further messages wait as send.patience says."),
                    Option.integer(
                            "send.limit.burst",
                            1,
                            RECONNECT,
                            "How many of send.limit.messages may leave at once after a pause; the others come back evenly over the second."),
                    Option.integer(
                            "send.limit.bytes",
                            0,
                            RECONNECT,
                            "The most bytes of messages that a connection sends in any second, 256 of them kept for heartbeats; half of the others may leave at once, and no message may be longer; at least 1024; 0: no limit."),
                    new Option(
                            "send.patience",
                            Option.Type.DURATION,
                            "",
                            LIVE,
                            List.of(),
                            "How long a message waits for the limits where the call does not say: 0s rejects it at once; not given: until its turn comes."),
                    Option.choice(
                            "transport.engine",
                            "direct",
                            RECONNECT,
                            List.of("direct", "core"),
                            "Who reads frames: direct, Holdfast's own reader on Jetty's sockets, which costs less for each message; core, Jetty's WebSocket core."),
                    Option.flag(
                            "transport.compression",
                            false,
                            RECONNECT,
                            "Let the server compress its messages (permessage-deflate), which costs many times what a message costs otherwise; needs transport.engine=direct."),
                    Option.choice(
                            "delivery",
                            "queued",
                            RESTART,
                            List.of("queued", "direct"),
                            "queued: a lane of its own; direct: on the connection's thread, the listener promises not to block."),
                    Option.choice(
                            "overflow",
                            "disconnect",
                            LIVE,
                            List.of("disconnect", "drop-oldest", "block"),
                            "What happens when the queue is full."),
                    Option.integer("overflow.max.messages", 65_536, LIVE, "Messages that may wait for the listener."),
                    Option.integer(
                            "overflow.max.bytes", 32 * 1024 * 1024, LIVE, "Bytes that may wait for the listener."),
                    Option.duration(
                            "overflow.block.max",
                            ofSeconds(5),
                            LIVE,
                            "How long 'block' may stop reading, then it acts as 'disconnect', and how long reading may stop while a direct listener catches up, then overflow decides; never more than half the shortest heartbeat deadline."),
                    Option.integer(
                            "listeners.required",
                            -1,
                            LIVE,
                            "Listeners the first connect waits for; -1: 1 for a configured client, else 0."),
                    Option.duration(
                            "listener.gap.max",
                            ofSeconds(2),
                            LIVE,
                            "How long the messages of a listener that left are kept for one with the same listener.id."),
                    Option.texts("open.messages", RECONNECT, "Texts sent in order on every connection."),
                    Option.texts(
                            "open.messages.expect",
                            RECONNECT,
                            "For each of open.messages, in the same order, a literal its answer contains; empty: not waited for."),
                    Option.duration("open.messages.limit", ofSeconds(10), LIVE, "Limit for each expected answer."),
                    Option.duration(
                            "reconnect.floor",
                            ofSeconds(1),
                            LIVE,
                            "Least time between two attempts, whatever the cause; 0ms: none, and only the attempts of the endpoint group bound them."),
                    Option.duration(
                            "reconnect.initial",
                            ofSeconds(1),
                            LIVE,
                            "Back-off after the first failed attempt, before jitter."),
                    Option.decimal("reconnect.multiplier", 2.0, LIVE, "Growth of the back-off."),
                    Option.duration("reconnect.maximum", ofSeconds(30), LIVE, "Upper bound of the back-off."),
                    Option.decimal(
                            "reconnect.jitter",
                            1.0,
                            LIVE,
                            "Part of the back-off that is random: 1 is full jitter, 0 none."),
                    Option.integer(
                            "reconnect.attempts",
                            10,
                            LIVE,
                            "Failed attempts in a row after which the client exits, a connection lost before it was stable being one of them; 0: never. Where it is not given, a client without a group goes on for ever once it was ready, and from the start if it is configured."),
                    Option.duration(
                            "reconnect.stable.after",
                            ofSeconds(30),
                            LIVE,
                            "A connection that held this long empties the count of attempts and the back-off; 0ms: every one that opened does."),
                    Option.duration(
                            "retry.after.max", ofHours(1), LIVE, "Upper bound for a Retry-After of the server."),
                    Option.texts(
                            "close.fatal", LIVE, "Close codes after which the client exits as refused; default 1008."),
                    new Option(
                            "rotate.after",
                            Option.Type.DURATION,
                            "",
                            LIVE,
                            List.of(),
                            "Age at which a connection is replaced by a new one that is set up beside it; 0s: never; not given: what the exchange plugin says, else never."),
                    Option.decimal(
                            "rotate.jitter",
                            0.1,
                            LIVE,
                            "Part of rotate.after that is random and taken off, so that clients started together do not rotate together."),
                    Option.duration(
                            "rotate.drain",
                            ofSeconds(10),
                            LIVE,
                            "How long the old connection may stay after the new one has taken over, to finish its calls and until the streams are joined."),
                    Option.text(
                            "heartbeat.type",
                            "",
                            LIVE,
                            "Type of the heartbeat plugin; empty: ping frames of the engine itself; none: no heartbeat. Further heartbeat options are the plugin's."),
                    Option.duration(
                            "heartbeat.wait",
                            ofSeconds(5),
                            LIVE,
                            "How long the first connect waits for a plugin of that type."),
                    Option.text(
                            "exchange.type",
                            "",
                            RESTART,
                            "Type of the exchange plugin, which logs in, subscribes and answers calls; empty: none. Further exchange options are the plugin's."),
                    Option.duration(
                            "exchange.wait",
                            ofSeconds(5),
                            LIVE,
                            "How long a connection waits for a plugin of that type."),
                    Option.texts("exchange.channels", LIVE, "Channels wanted from the beginning, on every connection."),
                    Option.texts(
                            "conflate",
                            LIVE,
                            "Channels of which a slow listener gets the newest message only; * for all whose messages do not build on each other."),
                    Option.flag(
                            "conflate.sequenced",
                            false,
                            LIVE,
                            "Whether channels whose messages are numbered may be conflated, too."),
                    Option.duration("plugin.limit", ofMillis(250), LIVE, "Limit for one call into a plugin."),
                    Option.text("supervisor.group", "", RESTART, "The group that supervises the client; empty: none."),
                    Option.duration(
                            "supervisor.wait",
                            ofSeconds(5),
                            LIVE,
                            "How long the start waits for that group's supervisor."),
                    Option.choice(
                            "child.restart",
                            "transient",
                            RESTART,
                            List.of("permanent", "transient", "temporary"),
                            "Which exits lead to a restart."),
                    Option.integer("child.order", 0, RESTART, "Place in the group's start order."),
                    Option.flag(
                            "child.significant",
                            false,
                            RESTART,
                            "Whether its end may end the group, see the group's auto.shutdown; not with child.restart=permanent."),
                    Option.choice(
                            "initial.failure",
                            "",
                            LIVE,
                            List.of("", "remove", "restart"),
                            "Before the first connection: an exit ends the client, or is restarted like any other; default restart for a configured client, else remove."),
                    Option.duration(
                            "up.linger",
                            ofSeconds(5),
                            LIVE,
                            "How long the condition 'up' stays after the client is no longer ready."))
            .open("heartbeat.")
            .open("exchange.");

    private ClientOptionSet() {}
}
