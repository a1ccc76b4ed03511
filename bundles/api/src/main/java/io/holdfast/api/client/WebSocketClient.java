// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import io.holdfast.api.exchange.Exchange;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stable handle of one logical connection: it stays the same over reconnects and restarts. Every method may be called
 * from any thread, also from callbacks, and returns at once. Stages are completed on a publishing thread; what depends on
 * them runs there and should not block.
 */
@ProviderType
public interface WebSocketClient {
    String id();

    /** Completes at the first {@link ClientState#READY}; fails if the client ends before, with the real cause. */
    CompletionStage<Void> opened();

    /**
     * Sends a text message. Completes when it was handed to the operating system. Nothing is kept over a reconnect. Where limits
     * leave no room, it waits as the option {@code send.patience} says, by default in order for its turn.
     *
     * @return fails at once with {@link NotOpenException} or {@link OutboundFullException}, with limits also as {@link
     *     #send(CharSequence, SendOptions)} does
     */
    CompletionStage<Void> send(CharSequence text);

    /** Sends a binary message; the bytes from position to limit are copied before this returns. */
    CompletionStage<Void> send(ByteBuffer bytes);

    /**
     * Sends a text message, within the limits of the exchange plugin and of the options {@code send.limit.*}. Those that wait go
     * in order, on the connection that was ready when this was called and on no other; their bytes count for {@code
     * send.buffer.max.bytes}, and at most 4,096 wait. Heartbeats and pongs count, but never wait; neither do calls of the
     * exchange plugin wait behind messages.
     *
     * @return fails with {@link SendLimitException} if it was not sent for want of room, with {@link NotOpenException} that was
     *     not {@link NotOpenException#handedOver() handed over} if the connection ended before its turn came, and as {@link
     *     #send(CharSequence)} does
     */
    CompletionStage<Void> send(CharSequence text, SendOptions options);

    /** The same for a binary message; the bytes from position to limit are copied before this returns. */
    CompletionStage<Void> send(ByteBuffer bytes, SendOptions options);

    /** Replaces the connection now, within the endpoint group's budget; the budget of restarts is not touched. */
    void reconnect();

    /**
     * Replaces the connection without a break: a new one is opened and set up beside it, takes over when it is ready, and the
     * old one ends when its calls are answered, at the latest after {@code rotate.drain}. If the new one fails, the old one
     * stays and it is tried again with a back-off. Within the endpoint group's budget. A client that is not ready does what
     * {@link #reconnect()} says.
     */
    void rotate();

    /**
     * Ends the client for good: closing handshake, up to the option {@code close.timeout}, then by force.
     *
     * @param code 1000 or 3000 to 4999
     * @param reason at most 123 bytes of UTF-8
     * @return completes when nothing of it is left
     * @throws IllegalArgumentException naming the argument that RFC 6455 does not allow
     */
    CompletionStage<Void> close(int code, String reason);

    /** Ends the client with 1000. */
    default CompletionStage<Void> close() {
        return close(1000, "");
    }

    /** The exchange behind it, for a client with the option {@code exchange.type}. */
    default Optional<Exchange> exchange() {
        return Optional.empty();
    }

    ClientState state();

    ClientHealth health();

    ClientMetrics metrics();
}
