// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.options.OptionSet;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An exchange plugin: a stateless service with the property {@code exchange.type}; in plain Java found by
 * {@code ServiceLoader}. Of several with the same type the one with the highest {@code service.ranking} is used.
 *
 * <p>All methods, and those of the {@link ExchangeProtocol} it makes, run in the client's plugin lane, never on a selector.
 * One that throws or takes longer than the client's {@code plugin.limit} has made a fault.
 */
@ConsumerType
public interface ExchangeFactory {
    /** Service property: the type that clients name in their option of the same name. */
    String TYPE = "exchange.type";

    /** The same as the service property {@link #TYPE}. */
    String type();

    /** The plugin's own options, each named {@code exchange.…}; the engine parses them strictly. */
    OptionSet options();

    /**
     * Makes the protocol of one client. Called once for each binding and once for each change of options, not for each
     * connection.
     *
     * @throws io.holdfast.api.options.InvalidOptionException if the options do not fit together
     */
    ExchangeProtocol open(ExchangeContext context);
}
