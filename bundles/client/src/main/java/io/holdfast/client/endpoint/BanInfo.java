// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import java.time.Duration;
import java.time.Instant;

/**
 * A ban in force.
 *
 * @param group id of the endpoint group, the host name where none is configured
 * @param until its end by the wall clock
 * @param remaining time to its end
 * @param cause escaped and cut
 */
public record BanInfo(String group, Instant until, Duration remaining, String cause) {}
