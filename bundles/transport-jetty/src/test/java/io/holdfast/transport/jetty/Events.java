// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What was read of a stream of frames, one short text for each thing, to be compared. */
final class Events {
    private final List<String> list = new ArrayList<>();
    private String failure = "";

    void message(boolean text, byte[] payload) {
        add(text ? "text" : "binary", payload);
    }

    void ping(byte[] payload) {
        add("ping", payload);
    }

    void pong(byte[] payload) {
        add("pong", payload);
    }

    void closed(int code, String reason) {
        list.add("closed " + code + " " + (reason == null ? "" : reason));
    }

    void failed(int code) {
        failure = "failed " + code;
    }

    boolean hasFailed() {
        return !failure.isEmpty();
    }

    List<String> list() {
        return list;
    }

    String failure() {
        return failure;
    }

    private void add(String kind, byte[] payload) {
        list.add(kind + " " + payload.length + " " + Arrays.hashCode(payload));
    }
}
