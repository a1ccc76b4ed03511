// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The switches. Each method returns when the fault has taken effect on the simulator's thread, and tells when that was.
 *
 * <p>A fault works in the scope of the object it is called on: {@link Simulator#faults()} is everything, present and
 * future; {@link #on(String)}, {@link #on(int...)} and {@link #onOpen()} narrow it. Faults of the first kind strike the
 * connections that are open in the scope at that moment. Faults of the second kind stay in force, for later connections of
 * the scope too, until {@link #clear()}. Faults of the third kind concern connection attempts.
 */
@ProviderType
public interface Faults {

    /** The connections, present and future, whose path starts with this prefix. */
    Faults on(String pathPrefix);

    /** These connections only. */
    Faults on(int... connections);

    /** The connections open at this moment only. */
    Faults onOpen();

    // -- strike open connections -------------------------------------------------------------------------------------

    /** TCP reset (SO_LINGER 0). */
    Fault reset();

    /** Close frame; see {@link Session#close}. */
    Fault close(int code, String reason);

    /** TCP FIN without a close frame. */
    Fault fin();

    /** From now on nothing is sent, and all that comes is read and thrown away. Final for the connection. */
    Fault halfOpen();

    /**
     * Stops reading, so that the client's writes run into a closed window once the buffers on the way are full (see
     * {@link SimulatorOptions#receiveBuffer()}). Sending goes on. The end of the client is noticed only when something is
     * sent to it, or after {@link #resumeReading()}.
     */
    Fault stopReading();

    /** Ends {@link #stopReading()}. */
    Fault resumeReading();

    /** Writes half a text frame, then FIN. */
    Fault cutInFrame();

    /** Sends a frame with opcode 3. */
    Fault reservedOpcode();

    /** Sends a text frame that is not UTF-8. */
    Fault invalidUtf8();

    /** Sends a masked text frame. */
    Fault maskedFrame();

    /**
     * Sends one text message of this size in one frame; memory of the simulator stays flat.
     *
     * @param bytes payload size
     */
    Fault oversized(long bytes);

    /**
     * Sends text messages as fast as the clients read: JSON objects with a field {@code flood} counting from 0.
     *
     * @param messages how many
     * @param bytes exact size of each, at least 64
     */
    Fault flood(int messages, int bytes);

    /** Writes bytes as they are. */
    Fault raw(byte[] bytes);

    /** Binance: sends the {@code serverShutdown} notice in the shape that belongs to each connection's path. */
    Fault serverShutdown();

    /** Binance's WebSocket API: the key holds no more, which those who are logged on are told without having asked. */
    Fault keyRevoked();

    /** Binance's WebSocket API: the stream of user data ends with {@code eventStreamTerminated}. */
    Fault userDataEnds();

    /** Binance: sends the notice in a given shape. */
    Fault serverShutdown(ShutdownShape shape);

    /** Deribit: sends a {@code test_request} now, besides those of the timer. */
    Fault testRequest();

    /** Deribit: tells {@code connection_too_slow} and ends TCP, as for a client for which too much waits. */
    Fault tooSlow();

    /**
     * The next messages of a channel or stream are lost, so that its numbering has a hole.
     *
     * @param messages how many, at least 1
     */
    Fault gap(String channel, int messages);

    /** The next message of a channel or stream is sent twice. */
    Fault duplicate(String channel);

    // -- in force until cleared --------------------------------------------------------------------------------------

    /** Heartbeat requests are acknowledged, but neither {@code heartbeat} nor {@code test_request} nor ping is sent. */
    Fault withholdHeartbeats();

    /** Deribit: {@code heartbeat} frames go on, {@code test_request}s do not come. */
    Fault withholdTestRequests();

    /** Client pings (frames and the generic mode's text pings) are not answered. */
    Fault withholdPongs();

    /** Requests (JSON-RPC, Binance control messages) are read and not answered. */
    Fault withholdAnswers();

    /** Requests of one method are read and neither carried out nor answered. */
    Fault withholdAnswers(String method);

    /** Deribit and Binance's WebSocket API: requests of a method are answered with this error and not carried out. */
    Fault failRequests(String method, int code, String message);

    /** One channel or stream is silent; its numbers go on. */
    Fault silence(String channel);

    /** Binance: order books asked for are older by so many updates of their stream. */
    Fault oldSnapshots(int updates);

    /** Deribit and Binance's WebSocket API: requests of one method are carried out, and their answers lost; an empty text means every method. */
    Fault loseAnswers(String method);

    /** Deribit and Binance's WebSocket API: each answer waits until the next was sent, at most half of one of the exchange's seconds. */
    Fault reorderAnswers();

    /** Deribit: one channel that exists is left out of acknowledgements, without a word. */
    Fault leaveOut(String channel);

    /** The server's clock goes wrong by this, within 24 days, in all answers with a time. */
    Fault clockSkew(Duration skew);

    /** Ends all faults of this kind that were switched on in this very scope; on the whole simulator: in every scope. */
    Fault clear();

    // -- connection attempts (narrowed by path only) -----------------------------------------------------------------

    /** Treats the next attempts in this way, then as before. */
    Fault upgrades(int attempts, Upgrade upgrade);

    /** Treats all attempts in this way until {@code upgrades(Upgrade.accept())}; planned single ones come first. */
    Fault upgrades(Upgrade upgrade);

    /** Closes the listening socket: attempts are refused by the operating system. The port stays reserved. */
    Fault refuse();

    /** The same for a time. */
    Fault refuseFor(Duration time);

    /** Listens again, on the same port. */
    Fault accept();

    /**
     * Deribit: says so on {@code platform_state}, closes the connections (1001), and answers attempts with 503 for a time.
     * Narrowed by path only; takes the place of {@link #upgrades(Upgrade)} for that path.
     */
    Fault maintenance(Duration time);

    /** The next attempts above this number of open connections are answered with 429. */
    Fault connectionLimit(int connections);
}
