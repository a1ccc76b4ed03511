// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

/**
 * A recorder's figures in one moment; counters count from its start.
 *
 * @param recorded frames written to a file
 * @param dropped frames that were not, because the buffer was full or a file could not be written; the file says how many at
 *     the place where they are missing
 * @param waitingBytes bytes that wait to be written
 * @param trouble why nothing can be written at the moment; empty if it can
 */
public record RecorderMetrics(long recorded, long dropped, long waitingBytes, String trouble) {}
