// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

/** The three shapes of Binance's {@code serverShutdown} notice. */
public enum ShutdownShape {
    /** {@code {"e":"serverShutdown","E":…}}: raw streams. */
    BARE,
    /** {@code {"stream":"!serverShutdown","data":{…}}}: combined streams. */
    COMBINED,
    /** {@code {"event":{…}}}: the WebSocket API. */
    API
}
