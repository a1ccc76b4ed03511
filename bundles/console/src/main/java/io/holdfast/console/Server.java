// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP for a {@link Site}: the JDK's server, as the address it listens on must be ours to choose. */
final class Server implements AutoCloseable {
    /** Only what comes from here is loaded, run or shown in a frame, and nothing is kept. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private final Logger logger = LoggerFactory.getLogger(Server.class);
    private final HttpServer server;
    private final ExecutorService threads;
    private volatile Site site;

    /** Listens; answers from {@link #serve} on. */
    Server(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 0);
        // An order may take its time: others can look meanwhile.
        threads = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "holdfast-console-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** As it stands in a URI. */
    String host() {
        String host = address().getAddress().getHostAddress();
        return host.contains(":") ? "[" + host.replaceFirst("^0:0:0:0:0:0:0:1$", "::1") + "]" : host;
    }

    void serve(Site content) {
        site = content;
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Site.Answer answer = answer(request(exchange), exchange);
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(
                    answer.status(), head || answer.body().length == 0 ? -1 : answer.body().length);
            if (!head) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private Site.Answer answer(Guard.Request request, HttpExchange exchange) throws IOException {
        try {
            return site.answer(request, exchange.getRequestBody());
        } catch (RuntimeException e) {
            // Without the request: it may hold the token.
            logger.warn(
                    "A request to {} could not be answered: {}",
                    request.path().startsWith("/api/") ? request.path() : "the page",
                    e.toString());
            return Site.Answer.error(500, "failed");
        }
    }

    private static Guard.Request request(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        return new Guard.Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                header(headers, "Host"),
                header(headers, "Origin"),
                header(headers, "Sec-Fetch-Site"),
                header(headers, "Content-Type"),
                header(headers, "Authorization"));
    }

    private static String header(Headers headers, String name) {
        return Optional.ofNullable(headers.getFirst(name)).orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
