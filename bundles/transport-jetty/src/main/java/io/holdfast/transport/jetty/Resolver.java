// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name; may block. */
@FunctionalInterface
interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
