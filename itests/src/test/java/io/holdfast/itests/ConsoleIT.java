// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.itests.support.Browser;
import io.holdfast.itests.support.Components;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.ContainerLog;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.GenericClient;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Session;
import io.holdfast.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The page in a real browser, and its doors tried from outside. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ConsoleIT {

    private static final Duration UNIT = Duration.ofMillis(100);
    private static final String PID = "io.holdfast.console";
    private static final String TOKEN = "cAnArY-console-token-4711";
    private static final String GROUP = "trading";
    private static final Pattern AT = Pattern.compile("Console at (http://\\S+)");

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private ServiceComponentRuntime runtime;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Services.LIMIT).build();
    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private Path tokenFile;
    private URI console;

    @Configuration
    public Option[] configuration() {
        return OptionUtils.combine(
                Containers.standard(ConsoleIT.class),
                Containers.optional(PID, "io.holdfast.inventory", "org.apache.felix.inventory"));
    }

    @Before
    public void start() throws IOException {
        services = new Services(context);
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        simulator = DeribitClient.simulator(UNIT, 50);
        configurations.set(Configurations.GROUP, GROUP, Map.of("intensity", 10, "period", "10m"));
        Map<String, Object> deribit = DeribitClient.options(simulator, UNIT);
        deribit.put("listeners.required", 0);
        deribit.put("supervisor.group", GROUP);
        configurations.set(Configurations.CLIENT, "deribit", deribit);
        Map<String, Object> feed = GenericClient.fragile(simulator, "feed", GROUP);
        feed.put("child.restart", "permanent");
        configurations.set(Configurations.CLIENT, "feed", feed);
        configurations.set(Configurations.CLIENT, "alone", GenericClient.options(simulator, "alone"));
        List.of("deribit", "feed", "alone")
                .forEach(id -> services.awaitCondition("holdfast.client." + id + ".ready", true));
        tokenFile = Files.createTempFile(
                "holdfast-console",
                ".token",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokenFile, TOKEN + "\n");
        console = open(Map.of("port", 0, "file", tokenFile.toString()));
    }

    @After
    public void stop() throws IOException {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
        Files.delete(tokenFile);
        await().atMost(Services.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().equals("holdfast-console-http")));
    }

    /** Configures the console and reads its address from the log. */
    private URI open(Map<String, Object> options) {
        int before = ContainerLog.linesWith("Console at ").size();
        configurations.setSingle(PID, options);
        await("the console's address")
                .atMost(Services.LIMIT)
                .until(() -> ContainerLog.linesWith("Console at ").size() > before);
        Matcher at = AT.matcher(ContainerLog.linesWith("Console at ").get(before));
        assertThat(at.find()).isTrue();
        return URI.create(at.group(1));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Services.LIMIT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder order(String order, String id) {
        String body = "{\"order\":\"" + order + "\",\"group\":\"" + GROUP + "\",\"id\":\"" + id + "\"}";
        return HttpRequest.newBuilder(console.resolve("/api/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private ChildStatus.State state(String id) {
        return services.supervisor(GROUP).status().children().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static Path screenshot(String name) {
        return Path.of(System.getProperty("holdfast.itests.target"), "screenshots", name + ".png");
    }

    @Test
    public void an_operator_sees_the_tree_live_and_gives_orders() {
        assumeTrue(
                "Chromium and its driver are not installed (Debian: chromium, chromium-driver)", Browser.installed());
        try (Browser browser = Browser.start()) {
            browser.open(console);
            assertThat(browser.text("#content")).as("nothing without the token").isEmpty();
            browser.type("#token", "a wrong token of some length");
            browser.click("#entry button");
            browser.awaitText("#notice", "the token is missing or wrong");

            browser.type("#token", TOKEN);
            browser.click("#entry button");
            browser.awaitText("#summary", "3 of 3 well");
            browser.awaitText("tr[data-id=deribit]", "READY", "deribit", "answered", "0 of 10");
            browser.awaitText("tr[data-id=alone]", "READY", "ws://127.0.0.1:");
            await("messages are counted live").atMost(Services.LIMIT).until(() -> count(browser) > 0);
            int seen = count(browser);
            await("messages go on being counted").atMost(Services.LIMIT).until(() -> count(browser) > seen);

            simulator.faults().on(GenericClient.path("feed")).reset();
            browser.awaitText("tr[data-id=feed]", "READY", "1 of 10");
            browser.awaitText("#events", "LOST", "EXITED", "STARTED", "CONNECTED", "READY");

            browser.screenshot(screenshot("console"));

            // What a server says is shown as text, whatever it is.
            simulator
                    .faults()
                    .on(GenericClient.path("alone"))
                    .close(1011, "<img src=x onerror=\"document.title='owned'\"><b>bold</b>");
            browser.awaitText("tr[data-id=alone]", "<b>bold</b>");
            browser.awaitText("#events", "<b>bold</b>");
            assertThat(browser.run("return document.querySelectorAll('main img, main b').length")
                            .getAsInt())
                    .isZero();
            assertThat(browser.run("return document.title").getAsString()).isEqualTo("Holdfast");
            browser.screenshot(screenshot("console-foreign-text"));

            browser.click("tr[data-id=feed] button[data-order=stop]");
            browser.awaitText("#notice", "stop feed: done");
            browser.awaitText("tr[data-id=feed]", "STOPPED");
            assertThat(state("feed")).isEqualTo(ChildStatus.State.STOPPED);
            assertThat(simulator.open(GenericClient.path("feed"))).isEmpty();
            browser.awaitText("#summary", "2 of 3 well");
            browser.screenshot(screenshot("console-stopped"));

            browser.click("tr[data-id=feed] button[data-order=start]");
            browser.awaitText("tr[data-id=feed]", "READY");
            browser.click("tr[data-id=feed] button[data-order=reset]");
            browser.awaitText("tr[data-id=feed]", "0 of 10");

            Session before = simulator.open(DeribitClient.PATH).get(0);
            browser.click("tr[data-id=deribit] button[data-order=restart]");
            browser.awaitText("#notice", "restart deribit: done");
            simulator.await(
                    "a new connection",
                    () -> simulator.open(DeribitClient.PATH).stream().anyMatch(s -> s.number() > before.number()),
                    Services.LIMIT);
            Session alone = simulator.open(GenericClient.path("alone")).get(0);
            browser.click("tr[data-id=alone] button[data-order=reconnect]");
            simulator.await(
                    "a replaced connection",
                    () -> simulator.open(GenericClient.path("alone")).stream()
                            .anyMatch(s -> s.number() > alone.number()),
                    Services.LIMIT);
            browser.awaitText("#summary", "3 of 3 well");

            assertThat(browser.run("return document.cookie").getAsString())
                    .as("no cookie")
                    .isEmpty();
            browser.click("#leave");
            await().atMost(Services.LIMIT).until(() -> browser.text("#content").isEmpty());
            assertThat(browser.run("return sessionStorage.length").getAsInt()).isZero();
        }
    }

    private static int count(Browser browser) {
        Matcher in = Pattern.compile("(\\d+) in,").matcher(browser.text("tr[data-id=deribit]"));
        return in.find() ? Integer.parseInt(in.group(1)) : -1;
    }

    @Test
    public void only_its_own_page_with_the_token_gives_orders() {
        assertThat(console.getHost()).isEqualTo("127.0.0.1");
        assertThat(send(order("stop", "feed")).statusCode()).as("no token").isEqualTo(401);
        assertThat(send(order("stop", "feed").header("Authorization", "Bearer wrong"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(HttpRequest.newBuilder(console.resolve("/api/state"))).statusCode())
                .as("no token")
                .isEqualTo(401);
        String right = "Bearer " + TOKEN;
        assertThat(send(order("stop", "feed").header("Authorization", right).header("Origin", "http://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(order("stop", "feed").header("Authorization", right).header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(order("stop", "feed").header("Authorization", right).setHeader("Content-Type", "text/plain"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(send(HttpRequest.newBuilder(console.resolve("/api/orders")).header("Authorization", right))
                        .statusCode())
                .as("GET")
                .isEqualTo(405);
        assertThat(send(order("explode", "feed").header("Authorization", right)).statusCode())
                .isEqualTo(409);
        assertThat(send(order("stop", "nobody").header("Authorization", right)).body())
                .contains("does not know it");
        assertThat(send(HttpRequest.newBuilder(console.resolve("/api/orders"))
                                .header("Content-Type", "application/json")
                                .header("Authorization", right)
                                .POST(HttpRequest.BodyPublishers.ofString("[1,2")))
                        .statusCode())
                .isEqualTo(400);
        assertThat(state("feed")).isEqualTo(ChildStatus.State.RUNNING);

        for (String path : List.of("/", "/console.js", "/console.css")) {
            HttpResponse<String> page = send(HttpRequest.newBuilder(console.resolve(path)));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"));
            assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        }
        for (String path : List.of(
                "/../Console.class", "/%2e%2e/Console.class", "/page/index.html", "/console.js/", "/etc/passwd")) {
            assertThat(send(HttpRequest.newBuilder(URI.create(console.resolve("/") + path.substring(1))))
                            .statusCode())
                    .as(path)
                    .isEqualTo(404);
        }

        HttpResponse<String> state =
                send(HttpRequest.newBuilder(console.resolve("/api/state")).header("Authorization", right));
        assertThat(state.statusCode()).isEqualTo(200);
        assertThat(state.body()).contains("\"id\":\"feed\"").doesNotContain("cAnArY");
        assertThat(send(order("stop", "feed").header("Authorization", right)).statusCode())
                .isEqualTo(200);
        assertThat(state("feed")).isEqualTo(ChildStatus.State.STOPPED);
    }

    @Test
    public void the_token_is_shown_nowhere_and_bad_places_for_it_are_refused() throws Exception {
        send(HttpRequest.newBuilder(console.resolve("/api/state")).header("Authorization", "Bearer " + TOKEN));
        Components components = new Components(runtime);
        Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("rw-r--r--"));
        configurations.setSingle(PID, Map.of("port", 0, "file", tokenFile.toString()));
        assertThat(components.awaitFailure(PID, "'file'", "chmod 600")).doesNotContain("cAnArY");
        configurations.setSingle(PID, Map.of("port", 0, "token", TOKEN));
        assertThat(components.awaitFailure(PID, "'token'", "looks like a secret"))
                .doesNotContain("cAnArY");

        // Without a place named it makes its own.
        configurations.deleteSingle(PID);
        components.awaitGone(PID);
        URI own = open(Map.of("port", 0));
        String line = ContainerLog.linesWith("console's token is in ").get(0);
        Path file = Path.of(
                line.substring(line.indexOf("is in ") + "is in ".length()).strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String made = Files.readString(file).strip();
        assertThat(send(HttpRequest.newBuilder(own.resolve("/api/state")).header("Authorization", "Bearer " + made))
                        .statusCode())
                .isEqualTo(200);
        assertThat(ContainerLog.linesWith("cAnArY")).isEmpty();
        assertThat(ContainerLog.linesWith(made)).isEmpty();
    }
}
