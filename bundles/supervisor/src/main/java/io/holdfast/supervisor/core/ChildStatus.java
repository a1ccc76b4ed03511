// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** What a child is doing, as far as its supervisor knows. */
public enum ChildStatus {
    /** Told to start; its answer is awaited. Within OTP nobody can see this, as starts block there. */
    STARTING,
    /** It accepted its start and has not exited. */
    RUNNING,
    /** Told to stop; its answer is awaited. */
    STOPPING,
    /** Not running, and will be started again by the supervisor: after a delay, or with the retry that is queued. */
    RESTARTING,
    /** Not running, and stays so until somebody, or a restart of its group, starts it. */
    STOPPED,
    /** Not running: it exceeded its own budget or was refused. A restart of its group leaves it alone. */
    GIVEN_UP
}
