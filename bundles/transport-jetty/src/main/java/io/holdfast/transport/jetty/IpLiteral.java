// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * An address written as one (RFC 3986, 3.2.2), which nobody needs to be asked for. Whatever leaves a doubt is none and is looked
 * up: shortened forms, numbers with leading zeros, which some read as octal, and scope ids, which name a network interface.
 */
final class IpLiteral {
    private static final int PARTS = 4;
    private static final int LARGEST_PART = 255;

    private IpLiteral() {}

    /** Neither blocks nor asks anybody. */
    static Optional<InetAddress> parse(String host) {
        try {
            if (host.indexOf(':') >= 0) {
                // No name has a colon, so the platform does not look it up either.
                return isV6(host) ? Optional.of(InetAddress.getByName(host)) : Optional.empty();
            }
            byte[] v4 = v4(host);
            return v4 == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(v4));
        } catch (UnknownHostException e) {
            // Not an address after all. Who looks it up tells why.
            return Optional.empty();
        }
    }

    private static boolean isV6(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 'f') {
                return false;
            }
        }
        return true;
    }

    private static byte[] v4(String host) {
        byte[] address = new byte[PARTS];
        int part = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (digits == 0 || part == PARTS - 1) {
                    return null;
                }
                address[part++] = (byte) value;
                digits = 0;
                value = 0;
            } else if (c >= '0' && c <= '9' && (digits == 0 || value > 0)) {
                value = 10 * value + c - '0';
                digits++;
                if (value > LARGEST_PART) {
                    return null;
                }
            } else {
                return null;
            }
        }
        address[part] = (byte) value;
        return digits > 0 && part == PARTS - 1 ? address : null;
    }
}
