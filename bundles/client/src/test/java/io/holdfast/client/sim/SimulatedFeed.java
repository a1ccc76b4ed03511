// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import java.util.List;

/** One channel of an exchange: the same messages with the same numbers for everyone who has subscribed to it. */
final class SimulatedFeed {
    private final SimulatedServer server;
    private final String channel;
    private final boolean book;
    private boolean running;

    /** Messages so far. */
    private long count;

    /** Of the last change of the book. */
    private long change = 100;

    SimulatedFeed(SimulatedServer server, String channel) {
        this.server = server;
        this.channel = channel;
        this.book = channel.startsWith("book.");
    }

    /** Somebody has subscribed. */
    void begin() {
        if (!running) {
            running = true;
            next();
        }
    }

    /** Members of the data, for one who has just subscribed; empty if the channel has none. */
    String snapshot() {
        return book ? "\"type\":\"snapshot\",\"change_id\":" + change + ",\"feed\":" + count : "";
    }

    private void next() {
        server.environment.world(1 + server.environment.random().nextLong(2 * server.messageEvery), () -> {
            if (server.isQuiet() || subscribers().isEmpty()) {
                running = false;
                return;
            }
            publish();
            next();
        });
    }

    private List<SimulatedPeer> subscribers() {
        return server.peers.stream()
                .filter(p -> p.session.subscribed.contains(channel))
                .toList();
    }

    void publish() {
        count++;
        String data = book ? change() : "\"price\":1.0002e6";
        String members = data + ",\"feed\":" + count;
        subscribers().forEach(p -> p.session.publish(channel, members));
    }

    private String change() {
        long before = change;
        change += 1 + server.environment.random().nextInt(9);
        return "\"type\":\"change\",\"prev_change_id\":" + before + ",\"change_id\":" + change;
    }
}
