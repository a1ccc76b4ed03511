// SPDX-License-Identifier: Apache-2.0
package io.holdfast.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.metrics.Metrics;
import java.lang.reflect.Proxy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class PrometheusEndpointTest {
    /** A container that takes registrations and asks for nothing. */
    private static final BundleContext CONTAINER = container();

    private static BundleContext container() {
        Object registration = Proxy.newProxyInstance(
                PrometheusEndpointTest.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> null);
        return (BundleContext) Proxy.newProxyInstance(
                PrometheusEndpointTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> registration);
    }

    private static PrometheusEndpoint endpoint(String path, Metrics metrics) {
        return new PrometheusEndpoint(CONTAINER, Map.of("port", 0, "path", path), metrics);
    }

    private static HttpResponse<String> get(PrometheusEndpoint endpoint) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(endpoint.uri())
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Refused after it listens, it would listen for ever: nobody deactivates what was never active. */
    @ParameterizedTest
    @ValueSource(
            strings = {"metrics", "/my metrics", "/metrics?all", "/metrics#now", "//metrics", "/%zz", "/%6detrics"})
    void aPathThatNoRequestCanNameIsRefusedBeforeItListens(String path) {
        assertThatThrownBy(() -> endpoint(path, List::of))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/a/b.c~d", "/m\u00e9triques"})
    void anyOtherPathIsServed(String path) throws Exception {
        PrometheusEndpoint endpoint = endpoint(path, List::of);
        endpoint.activate();
        try {
            assertThat(get(endpoint).statusCode()).isEqualTo(200);
        } finally {
            endpoint.deactivate();
        }
    }

    @Test
    void aReadingThatFailsIsAnswered() throws Exception {
        assertAnswered(() -> {
            throw new IllegalStateException("a client that is just going");
        });
    }

    @Test
    void aReadingThatFailsInAnUpdateIsAnswered() throws Exception {
        assertAnswered(() -> {
            throw new NoClassDefFoundError("of a bundle that is just updated");
        });
    }

    private static void assertAnswered(Metrics failing) throws Exception {
        PrometheusEndpoint endpoint = endpoint("/metrics", failing);
        endpoint.activate();
        try {
            assertThat(get(endpoint).statusCode()).isEqualTo(500);
        } finally {
            endpoint.deactivate();
        }
    }
}
