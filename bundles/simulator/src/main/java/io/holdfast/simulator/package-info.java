/**
 * A local exchange for tests and demonstrations: it speaks the Deribit and Binance WebSocket protocols, numbers what it
 * publishes, keeps account of every connection, and plays faults on demand. Start with
 * {@link io.holdfast.simulator.Simulator}.
 */
@Export
@Version("1.0.0")
package io.holdfast.simulator;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
