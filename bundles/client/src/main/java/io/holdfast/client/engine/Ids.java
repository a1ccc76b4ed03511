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
        return new Expectation(fill(e.contains(), id), fill(e.accepts(), id), e.consumed(), e.maxLength());
    }

    /** Without a stream: this is for each heartbeat. */
    private static List<String> fill(List<String> templates, String id) {
        String[] filled = new String[templates.size()];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = fill(templates.get(i), id);
        }
        return List.of(filled);
    }
}
