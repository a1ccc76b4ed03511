// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.transport;

/** Which of the transport's frame readers serves a connection. A transport that has only one takes that. */
public enum FrameEngine {
    /** The frame reader of the WebSocket library. */
    CORE,
    /** Our own frame reader on the library's sockets and TLS: less work for each message. */
    DIRECT
}
