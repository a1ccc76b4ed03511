// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

/** A script that has a last word for a client for which too much waits. Loop thread only. */
public interface SlowReaderNotice {

    /** The frame that is sent before the connection ends. */
    byte[] tooSlow();
}
