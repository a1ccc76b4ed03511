// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.client.core.Phase;
import io.holdfast.client.sim.SimulatedServer.Door;
import java.util.Optional;

/** Everything a schedule can do to a process and its world. */
enum Fault {
    // The door of a server, for a while.
    REFUSED(Door.REFUSES),
    UNRESOLVED(Door.UNRESOLVED),
    SILENT(Door.SILENT),
    SLOW(Door.SLOW),
    HALF_ANSWER(Door.HALF_ANSWER),
    NONSENSE(Door.NONSENSE),
    ACCEPT_THEN_CLOSE(Door.ACCEPT_THEN_CLOSE),
    SILENT_SETUP(Door.SILENT_SETUP),
    CUT_AT_ANY_STEP(Door.CUTS),
    STATUS_401(Door.UNAUTHORIZED),
    STATUS_429(Door.LIMITED),
    STATUS_503(Door.UNAVAILABLE),

    // Open connections.
    CUT,
    CLOSE_CODE,
    FATAL_CLOSE_CODE,
    PROTOCOL_BREACH,
    HALF_OPEN,
    WITHHELD_BEATS,
    STOPS_READING,
    BURST,

    // Sessions: an error, a request lost, the log-in gone, and what becomes of single channels.
    SESSION_ERROR,
    REQUEST_LOST,
    LOG_IN_LOST,
    CHANNEL_GAP,
    CHANNEL_SILENT,
    CHANNEL_LEFT_OUT,

    // The transport.
    TRANSPORT_GONE,
    TRANSPORT_MUTE,
    LATE_AND_DOUBLED,

    // Plugins.
    PLUGIN_LEAVES,
    PLUGIN_RETURNS,
    PLUGIN_SWAPPED,
    PLUGIN_THROWS,
    PLUGIN_HANGS,
    EXCHANGE_LEAVES,
    EXCHANGE_RETURNS,
    EXCHANGE_SWAPPED,

    /** In one of its functions, for a call or a few. */
    EXCHANGE_THROWS,
    EXCHANGE_HANGS,

    /** While it is inside a function that then throws or hangs. */
    EXCHANGE_SWAPPED_INSIDE,

    /** Where connections are prepared: slow, failing, throwing, late, another host, too many, refused, for a while. */
    DESK,

    // The supervisor.
    GROUP_LEAVES,
    GROUP_RETURNS,
    GROUP_LIMITS,

    // Configuration.
    OPTIONS_LIVE,
    OPTIONS_HEARTBEAT,
    OPTIONS_RECONNECT,
    ENDPOINT_POLICY,

    // Clocks and threads.
    WALL_CLOCK_JUMP,
    PAUSE_1_S,
    PAUSE_20_S,
    PAUSE_5_MIN,
    POOL_STALLS,

    // Listeners.
    LISTENERS_SLOW,
    DIRECT_LISTENER_SLOW,
    LISTENER_THROWS,
    LISTENER_LEAVES,
    LISTENER_RETURNS,

    // Orders.
    CLOSE,
    RECONNECT,
    ROTATE,
    TERMINATE,
    RESTART,
    RESET,
    OTHER_CHANNELS,
    CALLS,

    // Orders, and a fault of the engine itself, at the moment in which a client comes to a phase.
    CLOSE_IN_PHASE,
    RECONNECT_IN_PHASE,
    ROTATE_IN_PHASE,
    TERMINATE_IN_PHASE,
    OPTIONS_IN_PHASE,
    PAUSE_IN_PHASE,
    CRASH_IN_PHASE,

    /** A rotation, and within milliseconds something else happens to the client or to one of its two connections. */
    FAULT_IN_ROTATION,

    /** The connection is found dead while another is made beside it. */
    DEAD_IN_ROTATION;

    /** They take a larger share of a schedule than one in all faults. */
    static final Fault[] IN_PHASE = {
        CLOSE_IN_PHASE,
        RECONNECT_IN_PHASE,
        ROTATE_IN_PHASE,
        TERMINATE_IN_PHASE,
        OPTIONS_IN_PHASE,
        PAUSE_IN_PHASE,
        CRASH_IN_PHASE,
        FAULT_IN_ROTATION,
        DEAD_IN_ROTATION
    };

    /** Phases that a client passes through, in which an order can meet it. */
    static final Phase[] AMBUSHES = {
        Phase.GATED,
        Phase.PERMIT,
        Phase.CONNECTING,
        Phase.SETTING_UP,
        Phase.READY,
        Phase.BACKOFF,
        Phase.RECONNECTING,
        Phase.STOPPING,
        Phase.EXITED,
        Phase.IDLE
    };

    private final Optional<Door> door;

    Fault() {
        door = Optional.empty();
    }

    Fault(Door door) {
        this.door = Optional.of(door);
    }

    Optional<Door> door() {
        return door;
    }
}
