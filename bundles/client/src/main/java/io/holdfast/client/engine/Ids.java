// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.heartbeat.Expectation;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** Makes the ids that stand for {@code ${id}}: unique over the life of the client, letters and digits. */
final class Ids {
    private static final String PLACEHOLDER = "${id}";

    private static final AtomicLongFieldUpdater<Ids> LAST = AtomicLongFieldUpdater.newUpdater(Ids.class, "last");

    private volatile long last;

    String next() {
        return "hf" + LAST.incrementAndGet(this);
    }

    static String fill(String template, String id) {
        return template.contains(PLACEHOLDER) ? template.replace(PLACEHOLDER, id) : template;
    }

    static Expectation fill(Expectation e, String id) {
        List<String> contains = e.contains().stream().map(c -> fill(c, id)).toList();
        List<String> accepts = e.accepts().stream().map(c -> fill(c, id)).toList();
        return new Expectation(contains, accepts, e.consumed(), e.maxLength());
    }
}
