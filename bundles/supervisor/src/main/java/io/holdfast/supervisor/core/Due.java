// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

/** A wait is over, put in line behind what came before. */
record Due(Timers.Timer timer) implements SupervisorMessage {}
