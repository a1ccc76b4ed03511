// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** One message. The object and its buffer are reused: valid until {@link MessageListener#onMessage} returns, on its thread. */
@ProviderType
public interface Message {
    boolean isText();

    /** The payload, read-only, from position to limit; the same view at each call. */
    ByteBuffer bytes();

    /**
     * The payload as text, made at the first call and kept until return.
     *
     * @throws IllegalStateException if it is a binary message
     */
    String text();

    /** {@code System.nanoTime()} when its last bytes were read. */
    long receivedNanos();

    /** The connection it came on. */
    long connection();

    /** Counts the client's messages from 1, over all connections. */
    long sequence();
}
