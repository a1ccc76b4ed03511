// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

/** What is checked all along; the numbers are those of docs/architecture.md, section 2. */
enum Rule {
    ONE_CONNECTION("1"),
    CURRENT_ONLY("2"),
    SUBSCRIPTIONS("3"),
    BUDGET("4"),
    STOP_WINS("5"),
    CALLS("6"),
    BOUNDED("7"),
    NOTHING_LEFT("8"),
    EVENTS("9"),
    CONTINUITY("10"),
    /** Where the exchange prepares connections, each attempt has what was given out for it. */
    PREPARED("section 4"),
    /** Nobody is declared dead who went on sending, whatever the process did meanwhile. */
    LIVING_PEER("section 5"),
    /** After the faults every client that may be is ready again, in bounded time. */
    RECOVERY("section 5");

    private final String number;

    Rule(String number) {
        this.number = number;
    }

    @Override
    public String toString() {
        return "invariant " + number + " (" + name() + ")";
    }
}
