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

    /** When the server answered an open call, in the process's time. */
    private final Map<Long, Long> answered = new LinkedHashMap<>();

    /** After that the answer has been read, if there was somebody to read it. */
    private static final long READ_WITHIN = Duration.ofSeconds(1).toNanos();

    private long calls;

    CallChecker(String clientId, Checker checker) {
        this.clientId = clientId;
        this.checker = checker;
    }

    void call(Exchange exchange) {
        long number = ++calls;
        open.put(number, checker.processTime());
        String params = params(number);
        Call call = Call.of("private/get_positions", params).within(LIMIT).waiting(PATIENCE);
        exchange.call(call).whenComplete((answer, failure) -> {
            if (open.remove(number) == null) {
                checker.violated(Rule.CALLS, clientId + " call " + number + " ends twice");
            }
            Long since = answered.remove(number);
            if (since != null && failure != null && checker.processTime() - since > READ_WITHIN && overdue(failure)) {
                checker.violated(
                        Rule.CALLS,
                        clientId + " call " + number + " was answered, and told as " + failure.getMessage());
            }
            if (failure == null && !answer.result().equals(params)) {
                checker.violated(Rule.CALLS, clientId + " call " + number + " is answered with " + answer.result());
            }
        });
    }

    /** Neither has its connection ended nor is there nobody to read the answer. */
    private static boolean overdue(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.contains("not answered within") && !text.contains("plugin");
    }

    /** The server has answered the call with these parameters. */
    void answered(String params) {
        open.keySet().stream()
                .filter(n -> params(n).equals(params))
                .findFirst()
                .ifPresent(n -> answered.put(n, checker.processTime()));
    }

    /** The plugin has failed on this frame. */
    void unread(String frame) {
        answered.keySet().removeIf(n -> frame.contains(params(n)));
    }

    private static String params(long number) {
        return "{\"number\":" + number + "}";
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
