// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The sessions that wait for an exchange plugin, each at most {@code exchange.wait}; then it fails. There may be two while one
 * connection replaces the other. Confined to the mailbox.
 */
final class ProtocolWait {
    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;

    /** The limit of each that waits, in the order in which they began to. */
    private final Map<ExchangeSession, Cancellable> waiting = new LinkedHashMap<>(2);

    ProtocolWait(Environment environment, Executor mailbox, Supplier<ClientOptions> options) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.options = options;
    }

    void begin(ExchangeSession of) {
        end(of);
        waiting.put(
                of,
                environment.schedule(options.get().exchangeWait().toNanos(), () -> mailbox.execute(() -> overdue(of))));
    }

    private void overdue(ExchangeSession of) {
        if (waiting.remove(of) != null) {
            of.fail(ExchangeQuestions.retry(
                    "no exchange plugin of type '" + options.get().exchangeType() + "'"));
        }
    }

    /** There is a plugin. @return who has waited for it */
    List<ExchangeSession> over() {
        List<ExchangeSession> waited = List.copyOf(waiting.keySet());
        close();
        return waited;
    }

    /** That session does not wait any more, if it did. */
    void end(ExchangeSession of) {
        Cancellable limit = waiting.remove(of);
        if (limit != null) {
            limit.cancel();
        }
    }

    /** Nobody waits any more. */
    void close() {
        waiting.values().forEach(Cancellable::cancel);
        waiting.clear();
    }
}
