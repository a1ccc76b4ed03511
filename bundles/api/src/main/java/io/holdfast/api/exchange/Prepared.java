// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import io.holdfast.api.transport.Secret;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What came of a {@link Preparation}. */
public sealed interface Prepared {
    /**
     * The attempt may go on.
     *
     * <p>The address must be {@code wss}, or {@code ws} where the configured one is; without user information and fragment; and
     * its host the configured one, or one of the same configured endpoint group, so that the group's budget and bans hold for
     * it and the operator has said that the client's credentials may go there. Plain {@code ws} to another host needs the
     * client's {@code insecure=true}. Port, path and query are free. Anything else is a failed attempt that names what is wrong.
     *
     * @param uri where to connect; its path and query may hold secrets and are never shown
     * @param headers further headers of the upgrade request; they go before those of the client with the same name
     * @param values what set-up and subscriptions on this connection need: they are in {@link SessionContext#credentials()},
     *     before credentials of the same name, and are given to {@link ExchangeProtocol#subscribe(java.util.List, int, Map)}
     */
    record To(URI uri, Map<String, Secret> headers, Map<String, Secret> values) implements Prepared {
        public To {
            Objects.requireNonNull(uri);
            headers = Map.copyOf(headers);
            values = Map.copyOf(values);
        }

        public static To of(URI uri) {
            return new To(uri, Map.of(), Map.of());
        }

        /** The same with one more header. */
        public To header(String name, Secret value) {
            return new To(uri, with(headers, name, value), values);
        }

        /** The same with one more value. */
        public To value(String name, Secret value) {
            return new To(uri, headers, with(values, name, value));
        }

        private static Map<String, Secret> with(Map<String, Secret> before, String name, Secret value) {
            Map<String, Secret> more = new HashMap<>(before);
            more.put(name, value);
            return more;
        }

        /** The host, and the names of headers and values. */
        @Override
        public String toString() {
            return "To[" + uri.getHost() + ", headers=" + headers.keySet() + ", values=" + values.keySet() + "]";
        }
    }

    /**
     * The attempt has failed. Of the acts, {@link Failure.Act#REFUSED} ends the client, as wrong credentials do, and {@link
     * Failure.Act#WAIT} keeps the endpoint group away for the pause; with any other it is tried again with back-off.
     *
     * @param failure its message is shown, escaped and cut, and must not hold a secret
     */
    record Failed(Failure failure) implements Prepared {
        public Failed {
            Objects.requireNonNull(failure);
        }
    }
}
