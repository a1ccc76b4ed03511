// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.client.lanes.Environment;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The newest session that waits for an exchange plugin, at most {@code exchange.wait}; then it fails. Confined to the mailbox. */
final class ProtocolWait {
    private final Environment environment;
    private final Executor mailbox;
    private final Supplier<ClientOptions> options;

    private ExchangeSession waiting;
    private Cancellable limit = Cancellable.NONE;

    ProtocolWait(Environment environment, Executor mailbox, Supplier<ClientOptions> options) {
        this.environment = environment;
        this.mailbox = mailbox;
        this.options = options;
    }

    void begin(ExchangeSession of) {
        limit.cancel();
        waiting = of;
        limit = environment.schedule(options.get().exchangeWait().toNanos(), () -> mailbox.execute(() -> overdue(of)));
    }

    private void overdue(ExchangeSession of) {
        if (of == waiting) {
            waiting = null;
            of.fail(ExchangeQuestions.retry(
                    "no exchange plugin of type '" + options.get().exchangeType() + "'"));
        }
    }

    /** There is a plugin. @return who has waited for it, null for nobody */
    ExchangeSession over() {
        ExchangeSession waited = waiting;
        end(waited);
        return waited;
    }

    /** That session does not wait any more, if it did. */
    void end(ExchangeSession of) {
        if (waiting == of) {
            limit.cancel();
            waiting = null;
        }
    }

    /** The client has ended. */
    void close() {
        limit.cancel();
    }
}
