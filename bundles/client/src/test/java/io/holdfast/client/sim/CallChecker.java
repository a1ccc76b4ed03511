// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.Exchange;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A client's calls: each ends once, with its own answer or a failure, within what its limits allow. */
final class CallChecker {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** More than both, the set-up that a call may wait for, and what mailboxes lag behind. */
    private static final long LONGEST = Duration.ofSeconds(60).toNanos();

    private final String clientId;
    private final Checker checker;

    /** When each open call began, in the process's time. */
    private final Map<Long, Long> open = new LinkedHashMap<>();

    private long calls;

    CallChecker(String clientId, Checker checker) {
        this.clientId = clientId;
        this.checker = checker;
    }

    void call(Exchange exchange) {
        long number = ++calls;
        open.put(number, checker.processTime());
        String params = "{\"number\":" + number + "}";
        Call call = Call.of("private/get_positions", params).within(LIMIT).waiting(PATIENCE);
        exchange.call(call).whenComplete((answer, failure) -> {
            if (open.remove(number) == null) {
                checker.violated(Rule.CALLS, clientId + " call " + number + " ends twice");
            } else if (failure == null && !answer.result().equals(params)) {
                checker.violated(Rule.CALLS, clientId + " call " + number + " is answered with " + answer.result());
            }
        });
    }

    void check() {
        open.forEach((number, since) -> {
            if (checker.processTime() - since > LONGEST) {
                checker.violated(Rule.CALLS, clientId + " call " + number + " does not end");
            }
        });
        open.values().removeIf(since -> checker.processTime() - since > LONGEST);
    }

    /** The client is closed: nothing is pending. */
    void end() {
        open.keySet()
                .forEach(number -> checker.violated(
                        Rule.CALLS, clientId + " call " + number + " is pending after the client was closed"));
    }
}
