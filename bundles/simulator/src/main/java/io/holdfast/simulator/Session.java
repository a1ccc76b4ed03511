// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One connection as the server sees it. Usable from any thread; calls return when the simulator's thread has carried
 * them out (sending: queued for the socket). Sending on an ended connection does nothing.
 */
@ProviderType
public interface Session {

    /** Number of the accept, see {@link AcceptRecord#number()}. */
    int number();

    /** The upgrade request. */
    UpgradeRequest request();

    /** The sub-protocol agreed, if any. */
    Optional<String> protocol();

    /** Whether it is upgraded and not ended. */
    boolean isOpen();

    /** Sends a text message in one frame. */
    void text(String text);

    /** Sends a binary message in one frame. */
    void binary(byte[] payload);

    /** Sends one text message in as many frames as there are parts. */
    void fragments(String... parts);

    /**
     * Sends a ping frame.
     *
     * @param payload at most 125 bytes
     */
    void ping(byte[] payload);

    /**
     * Sends a pong frame.
     *
     * @param payload at most 125 bytes
     */
    void pong(byte[] payload);

    /** Writes bytes as they are, unframed. */
    void raw(byte[] bytes);

    /**
     * Starts the close handshake; TCP is ended when the client has answered, or after 5 s.
     *
     * @param code 1005 sends a frame without a code
     * @param reason at most 123 bytes of UTF-8
     */
    void close(int code, String reason);

    /** Ends the TCP stream with FIN, without a close frame. */
    void fin();

    /** Resets TCP. Bytes not yet given to the operating system are lost. */
    void reset();

    /**
     * Runs something on the simulator's thread later, unless the connection has ended by then.
     *
     * @param delay not negative
     * @param action must not block
     */
    void later(Duration delay, Runnable action);

    /**
     * Sends texts one after another, taken from the iterator only as fast as the client reads. Other messages are sent
     * between them. The iterator is used on the simulator's thread; one that is {@link AutoCloseable} is closed at the
     * end.
     *
     * @param texts finite or not
     * @param perSecond pace; 0 for full speed
     * @return completed with the number of texts written to the socket when the iterator has no more or the connection
     *         ended; failed when the iterator throws
     */
    CompletableFuture<Long> play(Iterator<String> texts, double perSecond);

    /** What went over it so far. */
    Counters counters();

    /** The last messages and control frames received, oldest first; how many is {@link SimulatorOptions#keepReceived()}. */
    List<Received> received();

    /** Its line in the accept log. */
    AcceptRecord record();

    /**
     * Waits for a text message among those kept that fits.
     *
     * @throws IllegalStateException when none came within the limit
     */
    String awaitText(Predicate<String> wanted, Duration limit);

    /**
     * Waits until the connection has ended.
     *
     * @throws IllegalStateException when it has not within the limit
     */
    AcceptRecord awaitEnd(Duration limit);
}
