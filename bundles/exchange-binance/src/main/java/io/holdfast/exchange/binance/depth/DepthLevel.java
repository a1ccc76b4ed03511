// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * A price and what is offered at it, with the digits that Binance wrote.
 *
 * @param quantity all of it, not a difference; zero removes the price
 */
public record DepthLevel(BigDecimal price, BigDecimal quantity) {
    public DepthLevel {
        Objects.requireNonNull(price);
        Objects.requireNonNull(quantity);
    }
}
