// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.peers;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One client library under measurement: made once in its own process. */
public interface Peer extends AutoCloseable {
    /** Takes text messages whole, on the library's thread. */
    interface Receiver {
        void text(String text);
    }

    interface Connection {
        void send(String text);
    }

    /** The stage completes when the connection can be used. */
    CompletionStage<? extends Connection> connect(URI uri, Receiver receiver) throws Exception;

    @Override
    default void close() throws Exception {
        // most end with their process
    }

    /** In the order of the table; the first is what the others are compared with. */
    List<String> NAMES = List.of(
            "jetty",
            "jetty-core",
            "holdfast",
            "holdfast-bare",
            "holdfast-direct",
            "okhttp",
            "netty",
            "java-websocket",
            "jdk");

    static Peer of(String name) throws Exception {
        return switch (name) {
            case "jetty" -> new JettyPeer();
            case "jetty-core" -> new JettyCorePeer();
            case "holdfast" -> new HoldfastPeer(false, "core");
            case "holdfast-bare" -> new HoldfastPeer(true, "core");
            case "holdfast-direct" -> new HoldfastPeer(false, "direct");
            case "okhttp" -> new OkHttpPeer();
            case "netty" -> new NettyPeer();
            case "java-websocket" -> new JavaWebSocketPeer();
            case "jdk" -> new JdkPeer();
            default -> throw new IllegalArgumentException("client " + name + " is not one of " + NAMES);
        };
    }
}
