// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium, told what to do through its driver (W3C WebDriver). For one thread. */
public final class Browser implements AutoCloseable {

    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Services.LIMIT).build();
    private final Process driver;
    private final Path profile;
    private final URI session;

    private Browser(Path driverProgram, Path chromium) throws IOException {
        // Chromium's own sandbox needs rights that a container may not give; what it shows is only ours.
        profile = Files.createTempDirectory("holdfast-browser");
        driver = new ProcessBuilder(driverProgram.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        URI base = URI.create("http://127.0.0.1:" + port());
        JsonArray arguments = new JsonArray();
        List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--window-size=1400,900",
                        "--user-data-dir=" + profile)
                .forEach(arguments::add);
        JsonObject options = new JsonObject();
        options.addProperty("binary", chromium.toString());
        options.add("args", arguments);
        JsonObject match = new JsonObject();
        match.addProperty("browserName", "chrome");
        match.add("goog:chromeOptions", options);
        JsonObject capabilities = new JsonObject();
        capabilities.add("alwaysMatch", match);
        JsonObject request = new JsonObject();
        request.add("capabilities", capabilities);
        String id = send(base.resolve("/session"), "POST", request)
                .getAsJsonObject()
                .get("sessionId")
                .getAsString();
        session = base.resolve("/session/" + id + "/");
    }

    /** Whether Chromium and its driver are installed. */
    public static boolean installed() {
        return program("chromium").isPresent() && program("chromedriver").isPresent();
    }

    public static Browser start() {
        try {
            return new Browser(
                    program("chromedriver").orElseThrow(), program("chromium").orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> program(String name) {
        return Stream.of("/usr/bin/", "/usr/local/bin/")
                .map(directory -> Path.of(directory + name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private int port() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher started = STARTED.matcher(line);
            if (started.find()) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "chromedriver-output");
                rest.setDaemon(true);
                rest.start();
                return Integer.parseInt(started.group(1));
            }
        }
        throw new IOException("chromedriver has ended");
    }

    public void open(URI uri) {
        JsonObject request = new JsonObject();
        request.addProperty("url", uri.toString());
        send(session.resolve("url"), "POST", request);
    }

    /** What a script returns; it begins with {@code return}. */
    public JsonElement run(String script, Object... arguments) {
        JsonObject request = new JsonObject();
        request.addProperty("script", script);
        JsonArray args = new JsonArray();
        for (Object argument : arguments) {
            args.add(argument.toString());
        }
        request.add("args", args);
        return send(session.resolve("execute/sync"), "POST", request);
    }

    /** The visible text of the first element that matches, empty without one. */
    public String text(String css) {
        JsonElement text = run(
                "const e = document.querySelector(arguments[0]); return e !== null && e.checkVisibility() ? e.innerText : '';",
                css);
        return text.isJsonNull() ? "" : text.getAsString();
    }

    public void awaitText(String css, String... words) {
        await(css + " shows " + String.join(", ", words)).atMost(Services.LIMIT).until(() -> {
            String text = text(css);
            return Stream.of(words).allMatch(text::contains);
        });
    }

    /** Writes into a field, as with the keyboard. */
    public void type(String css, String text) {
        JsonObject request = new JsonObject();
        request.addProperty("text", text);
        send(session.resolve("element/" + element(css) + "/value"), "POST", request);
    }

    /** Clicks, as with the mouse; tries again when the page has just replaced the element. */
    public void click(String css) {
        await("click on " + css)
                .atMost(Services.LIMIT)
                .ignoreExceptionsInstanceOf(NotClickable.class)
                .until(() -> {
                    send(session.resolve("element/" + element(css) + "/click"), "POST", new JsonObject());
                    return true;
                });
    }

    private String element(String css) {
        JsonObject request = new JsonObject();
        request.addProperty("using", "css selector");
        request.addProperty("value", css);
        return send(session.resolve("element"), "POST", request)
                .getAsJsonObject()
                .get(ELEMENT)
                .getAsString();
    }

    public void screenshot(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(
                    file,
                    Base64.getDecoder()
                            .decode(send(session.resolve("screenshot"), "GET", null)
                                    .getAsString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class NotClickable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotClickable(String message) {
            super(message);
        }
    }

    private JsonElement send(URI uri, String method, JsonObject body) {
        try {
            HttpRequest.BodyPublisher content = body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString());
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(Services.LIMIT.multipliedBy(4))
                    .header("Content-Type", "application/json")
                    .method(method, content)
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonElement value =
                    JsonParser.parseString(answer.body()).getAsJsonObject().get("value");
            if (answer.statusCode() != 200) {
                String error = value.getAsJsonObject().get("error").getAsString();
                if (List.of(
                                "stale element reference",
                                "no such element",
                                "element click intercepted",
                                "element not interactable")
                        .contains(error)) {
                    throw new NotClickable(error);
                }
                throw new IllegalStateException(method + " " + uri.getPath() + ": " + value);
            }
            return value == null ? JsonNull.INSTANCE : value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            send(URI.create(session.toString().replaceFirst("/$", "")), "DELETE", null);
        } finally {
            driver.descendants().forEach(ProcessHandle::destroy);
            driver.destroy();
            deleteProfile();
        }
    }

    private void deleteProfile() {
        // Chromium may still write while it ends.
        await("the browser's profile is deleted")
                .atMost(Services.LIMIT)
                .ignoreExceptions()
                .until(() -> {
                    try (Stream<Path> files = Files.exists(profile) ? Files.walk(profile) : Stream.empty()) {
                        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                            Files.deleteIfExists(file);
                        }
                    }
                    return !Files.exists(profile);
                });
    }
}
