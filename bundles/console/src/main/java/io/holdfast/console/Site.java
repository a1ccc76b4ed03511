// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.holdfast.api.client.ConnectionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What is answered to which request. */
final class Site {
    /** @param type of the content */
    record Answer(int status, String type, byte[] body) {
        static Answer json(int status, String body) {
            return new Answer(status, "application/json; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
        }

        static Answer refusal(Guard.Refusal refusal) {
            return error(refusal.status(), refusal.why());
        }

        static Answer error(int status, String why) {
            JsonObject error = new JsonObject();
            error.addProperty("error", why);
            return json(status, error.toString());
        }
    }

    /** The whole content of the page: these files and nothing else. */
    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8");

    private final Guard guard;
    private final Orders orders;
    private final Supplier<String> tree;
    private final Supplier<List<ConnectionEvent>> events;

    /** @param tree the supervision tree as JSON */
    Site(Guard guard, Orders orders, Supplier<String> tree, Supplier<List<ConnectionEvent>> events) {
        this.guard = guard;
        this.orders = orders;
        this.tree = tree;
        this.events = events;
    }

    Answer answer(Guard.Request request, InputStream body) throws IOException {
        return switch (request.path()) {
            case "/api/state" ->
                method(request, "GET")
                        .or(() -> guard.reading(request))
                        .map(Answer::refusal)
                        .orElseGet(this::state);
            case "/api/orders" -> {
                Optional<Guard.Refusal> refusal = method(request, "POST").or(() -> guard.order(request));
                yield refusal.isPresent() ? Answer.refusal(refusal.get()) : order(body);
            }
            default ->
                method(request, "GET")
                        .or(() -> guard.page(request))
                        .map(Answer::refusal)
                        .orElseGet(() -> file(request.path()));
        };
    }

    private static Optional<Guard.Refusal> method(Guard.Request request, String wanted) {
        return request.method().equals(wanted)
                ? Optional.empty()
                : Optional.of(new Guard.Refusal(405, "only " + wanted));
    }

    private static Answer file(String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String type = FILES.get(name);
        if (type == null) {
            return Answer.error(404, "there is no such page");
        }
        try (InputStream in = Site.class.getResourceAsStream("page/" + name)) {
            return new Answer(200, type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer state() {
        StringWriter out = new StringWriter();
        try (JsonWriter json = new JsonWriter(out)) {
            json.beginObject().name("tree").jsonValue(tree.get()).name("events").beginArray();
            for (ConnectionEvent event : events.get()) {
                json.beginObject()
                        .name("at")
                        .value(event.at().toString())
                        .name("client")
                        .value(event.clientId())
                        .name("number")
                        .value(event.number())
                        .name("type")
                        .value(event.type().name())
                        .name("incarnation")
                        .value(event.incarnation())
                        .name("connection")
                        .value(event.connection())
                        .name("attempt")
                        .value(event.attempt())
                        .name("delayMillis")
                        .value(event.delay().toMillis())
                        .name("cause")
                        .value(event.cause().map(Object::toString).orElse(""))
                        .endObject();
            }
            json.endArray().endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Answer.json(200, out.toString());
    }

    private Answer order(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(4096);
        try {
            JsonObject order = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            Orders.Outcome outcome = orders.give(text(order, "order"), text(order, "group"), text(order, "id"));
            JsonObject answer = new JsonObject();
            answer.addProperty(outcome.done() ? "result" : "error", outcome.text());
            return Answer.json(outcome.done() ? 200 : 409, answer.toString());
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            return Answer.error(400, "an order is {\"order\":..., \"group\":..., \"id\":...}");
        }
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : "";
    }
}
