// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what. There is no cookie: a browser adds nothing by itself that another site could use, and each request shows
 * the token in a header that another site cannot set. Besides, requests are refused that name a host which is not this one
 * (a foreign name may point here), and orders that come from another site's page. Pure but for the token.
 */
final class Guard {
    /** What counts of a request; headers are empty when absent. */
    record Request(
            String method,
            String path,
            String host,
            String origin,
            String fetchSite,
            String contentType,
            String authorization) {}

    /** @param status of HTTP */
    record Refusal(int status, String why) {}

    private static final String BEARER = "Bearer ";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Token token;
    private final InetAddress host;
    private final int port;

    /** @param host the address it listens on, as in a URI */
    Guard(Token token, String host, int port) {
        this.token = token;
        this.host = address(host);
        this.port = port;
    }

    /** For everything. */
    Optional<Refusal> page(Request request) {
        return ours(request.host())
                ? Optional.empty()
                : Optional.of(new Refusal(421, "this is not the host you asked for"));
    }

    /** For whatever tells about clients. */
    Optional<Refusal> reading(Request request) {
        return page(request)
                .or(() -> knows(request.authorization())
                        ? Optional.empty()
                        : Optional.of(new Refusal(401, "the token is missing or wrong")));
    }

    /** For whatever changes something. */
    Optional<Refusal> order(Request request) {
        return page(request).or(() -> foreign(request)).or(() -> reading(request));
    }

    private Optional<Refusal> foreign(Request request) {
        // No page can forge what a browser says of the site; behind a proxy with TLS the origin is one that is not
        // known here.
        boolean elsewhere = request.fetchSite().isEmpty()
                ? !request.origin().isEmpty() && !request.origin().equals("http://" + request.host())
                : !request.fetchSite().equals("same-origin");
        if (elsewhere) {
            return Optional.of(new Refusal(403, "orders are taken from this page only"));
        }
        // A form of another site cannot send this type.
        boolean json = request.contentType()
                .toLowerCase(Locale.ROOT)
                .split(";", 2)[0]
                .strip()
                .equals("application/json");
        return json ? Optional.empty() : Optional.of(new Refusal(415, "orders are application/json"));
    }

    private boolean knows(String authorization) {
        return authorization.startsWith(BEARER) && token.is(authorization.substring(BEARER.length()));
    }

    private boolean ours(String asked) {
        try {
            URI uri = URI.create("http://" + asked);
            int askedPort = uri.getPort() == -1 ? 80 : uri.getPort();
            return uri.getHost() != null && askedPort == port && listensOn(uri.getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean listensOn(String asked) {
        if (LOOPBACK.contains(asked)) {
            return host.isLoopbackAddress() || host.isAnyLocalAddress();
        }
        return isAddress(asked) && (host.isAnyLocalAddress() || host.equals(address(asked)));
    }

    /** Of what stands as the host in a URI: names are looked up nowhere here, as a foreign one may lead anywhere. */
    private static boolean isAddress(String asked) {
        return asked.startsWith("[") || asked.matches("[0-9.]+");
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address: " + literal, e);
        }
    }
}
