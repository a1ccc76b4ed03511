// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.client.core.Input;
import io.holdfast.client.core.Output;
import io.holdfast.client.endpoint.EndpointGroups.Permit;
import io.holdfast.client.lanes.Environment.Cancellable;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One client's turns in its endpoint group; at most one is waited for. Confined to the mailbox. */
final class Permits {
    private static final Duration TRANSPORT_LOOK = Duration.ofSeconds(1);

    private final String clientId;
    private final EngineServices services;
    private final Executor mailbox;
    private final Supplier<String> host;
    private final Consumer<Input> post;
    private Permit permit = () -> {};

    /** What is waited for without a transport; 0 for nothing. */
    private long wanted;

    Permits(String clientId, EngineServices services, Executor mailbox, Supplier<String> host, Consumer<Input> post) {
        this.clientId = clientId;
        this.services = services;
        this.mailbox = mailbox;
        this.host = host;
        this.post = post;
    }

    /** Without a transport no permit is taken: it would be missed when there is one again. */
    void request(Output.RequestPermit o) {
        wanted = 0;
        if (services.transport().present()) {
            permit = services.endpoints()
                    .request(
                            host.get(),
                            clientId,
                            o.wasStable(),
                            () -> post.accept(new Input.PermitGranted(o.connection())));
            return;
        }
        wanted = o.connection();
        Cancellable look =
                services.environment().schedule(TRANSPORT_LOOK.toNanos(), () -> mailbox.execute(() -> lookAgain(o)));
        permit = look::cancel;
    }

    private void lookAgain(Output.RequestPermit o) {
        if (wanted == o.connection()) {
            request(o);
        }
    }

    /** What was granted last counts as ended, too. */
    void cancel() {
        wanted = 0;
        permit.cancel();
    }

    /** A connection or attempt has ended: the oldest one counts no more, which of several it was is all the same. */
    void release() {
        services.endpoints().attemptEnded(host.get(), clientId);
    }
}
