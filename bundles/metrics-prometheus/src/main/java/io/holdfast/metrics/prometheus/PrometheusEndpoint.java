// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import io.holdfast.metrics.Metrics;
import io.holdfast.metrics.ScrapeEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the metrics to Prometheus, with the JDK's own HTTP server. Nothing listens before a configuration asks for it. Its service is
 * registered by hand: as a component's service it would show the configuration as its properties, also a refused one.
 */
@Component(
        service = {},
        configurationPid = PrometheusEndpoint.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class PrometheusEndpoint implements ScrapeEndpoint {
    static final String PID = "io.holdfast.metrics.prometheus";

    static final OptionSet OPTIONS = OptionSet.of(
            Option.text(
                    "host",
                    "127.0.0.1",
                    Option.Effect.RESTART,
                    "Address to listen on; metrics are served to everybody who reaches it."),
            Option.integer("port", 9464, Option.Effect.RESTART, "Port to listen on; 0: a free one."),
            Option.text("path", "/metrics", Option.Effect.RESTART, "Path of the metrics."));

    private final Logger logger = LoggerFactory.getLogger(PrometheusEndpoint.class);
    private final Metrics metrics;
    private final String path;
    private final BundleContext context;
    private final String host;
    private final int port;
    private volatile HttpServer server;
    private volatile ExecutorService threads;
    private volatile ServiceRegistration<ScrapeEndpoint> service;

    /** @throws InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public PrometheusEndpoint(BundleContext context, Map<String, Object> properties, @Reference Metrics metrics) {
        this.context = context;
        this.metrics = metrics;
        OptionValues options = OPTIONS.parse(properties);
        this.path = options.text("path");
        if (!isPath(path)) {
            throw new InvalidOptionException("path", "must begin with / and be the path of a URI as it is");
        }
        this.host = options.text("host");
        this.port = port(options);
    }

    /** Listens. Not in the constructor: an instance that the component runtime drops before this must hold nothing. */
    @Activate
    public void activate() {
        HttpServer listening = listen(host, port);
        // Two, so that one who reads slowly does not keep the other waiting.
        threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "holdfast-metrics-http");
            thread.setDaemon(true);
            return thread;
        });
        listening.setExecutor(threads);
        listening.createContext("/", this::answer);
        listening.start();
        server = listening;
        service = context.registerService(ScrapeEndpoint.class, this, null);
        logger.info("Metrics for Prometheus at {}", uri());
    }

    private static boolean isPath(String text) {
        try {
            return text.startsWith("/") && text.equals(new URI(text).getPath());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(OptionValues options) {
        int port = options.integer("port", 0);
        if (port > 65_535) {
            throw new InvalidOptionException("port", "must be from 0 to 65535");
        }
        return port;
    }

    private static HttpServer listen(String host, int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        } catch (IOException e) {
            throw new InvalidOptionException(
                    "port", "cannot listen on port " + port + " of host '" + host + "': " + e.getMessage());
        }
    }

    @Deactivate
    public void deactivate() {
        service.unregister();
        server.stop(0);
        threads.shutdownNow();
    }

    @Override
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + path);
    }

    private void answer(HttpExchange exchange, boolean head) throws IOException {
        byte[] body;
        try {
            body = TextFormat.of(metrics.read()).getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // The server would end the connection without a word to anybody.
            logger.warn("The metrics could not be read: {}", e.toString());
            exchange.sendResponseHeaders(500, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE);
        exchange.sendResponseHeaders(200, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!exchange.getRequestURI().getPath().equals(path)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                answer(exchange, head);
            }
        }
    }
}
