// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.ours;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.client.WebSocketClient;

/** Holdfast ready to open clients, put together in one of several ways. */
public interface Ours extends AutoCloseable {
    /** The group of supervised clients. */
    String GROUP = "feeds";

    WebSocketClient open(ClientOptions options, MessageListener listener);

    @Override
    void close();
}
