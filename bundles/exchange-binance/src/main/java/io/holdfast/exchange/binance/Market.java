// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.api.exchange.SequenceRule.Remedy;
import java.util.Locale;

/** What differs by market: how a book's changes are numbered, and how many frames a second the server takes. */
enum Market {
    /** Each change has the ids of its first and its last update. */
    SPOT(new SequenceRule("\"U\":", "\"u\":", 1, Remedy.LISTENER), 5),
    /** Each change names the last id of the one before. */
    USDM(new SequenceRule("\"pu\":", "\"u\":", 0, Remedy.LISTENER), 10),
    COINM(new SequenceRule("\"pu\":", "\"u\":", 0, Remedy.LISTENER), 10);

    private final SequenceRule book;
    private final int framesPerSecond;

    Market(SequenceRule book, int framesPerSecond) {
        this.book = book;
        this.framesPerSecond = framesPerSecond;
    }

    SequenceRule book() {
        return book;
    }

    /** Pings, pongs and requests together; above it the connection is ended. */
    int framesPerSecond() {
        return framesPerSecond;
    }

    static Market of(String option) {
        return valueOf(option.toUpperCase(Locale.ROOT));
    }
}
