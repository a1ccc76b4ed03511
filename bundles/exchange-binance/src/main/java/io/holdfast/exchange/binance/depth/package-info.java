/** Order books of Binance kept whole: changes joined with a snapshot by their numbers, and joined anew after a hole. */
@Export
@Version("1.0.0")
package io.holdfast.exchange.binance.depth;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
