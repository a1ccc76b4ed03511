// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an exchange must be asked before a connection can be made: a token, the address itself. Asked anew for every attempt,
 * and for the second connection of a rotation too, so that what it gives may be good for one use.
 *
 * <p>It is called in a lane of its own, one call after another, when the attempt has its permit of the endpoint group: so the
 * budget of attempts bounds these calls, too. It should return at once and complete the stage from wherever the answer comes;
 * should it block, it delays preparations of this client only, and one that has not returned within the limit has made a
 * fault. The limit, for the call and then for the stage, is the client's {@code connect.timeout}, or half the window of its
 * endpoint group where that is less; with the connection itself they share {@code connect.total}. A stage that is completed
 * later, or after the attempt was given up, is let go; it is never cancelled.
 *
 * <p>Whatever goes wrong is a failed attempt: back-off and the limit of attempts apply. Of an exception only the class is
 * shown, as its text may hold what was asked for; words for the operator are said by {@link Prepared.Failed}. Is the plugin
 * replaced meanwhile, its successor is asked, within the same attempt.
 */
@ConsumerType
@FunctionalInterface
public interface Preparation {
    /**
     * @param uri the configured address; channels that the address is to name are added to what comes back
     * @param context the attempt, with the client's credentials for the exchange
     * @return a stage that completes on any thread
     */
    CompletionStage<Prepared> prepare(URI uri, SessionContext context);
}
