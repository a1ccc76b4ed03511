// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.otp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

/** One recorded scenario. Immutable by agreement: nobody changes the JSON. */
public final class Scenario {

    private final JsonObject json;

    private Scenario(JsonObject json) {
        this.json = json;
    }

    /** All of a corpus file, plain or gzipped. */
    public static List<Scenario> load(Path file) {
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> new Scenario(JsonParser.parseString(line).getAsJsonObject()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String text(String field) {
        return json.get(field).getAsString();
    }

    int number(String field) {
        return json.get(field).getAsInt();
    }

    boolean has(String field) {
        return json.has(field);
    }

    JsonObject template() {
        return json.getAsJsonObject("template");
    }

    List<JsonObject> children() {
        return objects(json.getAsJsonArray("children"));
    }

    List<JsonObject> events() {
        return objects(json.getAsJsonArray("events"));
    }

    /** What was seen after the event of that index; -1: after the start. */
    JsonObject observed(int event) {
        return json.getAsJsonArray("observed").get(event + 1).getAsJsonObject();
    }

    /** Whether children have no names of their own in OTP. */
    boolean isDynamic() {
        return text("strategy").equals("dynamic") || text("strategy").equals("simple_one_for_one");
    }

    static List<JsonObject> items(JsonObject event) {
        return is(event, "batch") ? objects(event.getAsJsonArray("items")) : List.of(event);
    }

    static boolean is(JsonObject event, String kind) {
        return event.get("kind").getAsString().equals(kind);
    }

    /** Why it cannot be played with services and configurations; empty if it can. */
    public Optional<String> unmapped() {
        if (specs().anyMatch(spec -> spec.has("sup"))) {
            return Optional.of("nested supervisors");
        }
        if (allItems().anyMatch(item -> is(item, "stop"))) {
            return Optional.of("the supervisor is ordered to end: a group that goes lets its children go on");
        }
        if (!observed(-1).get("alive").getAsBoolean()) {
            return Optional.of("the supervisor does not start: a group is there before its children");
        }
        if (children().stream().anyMatch(spec -> startPlan(spec).startsWith("flap"))) {
            return Optional.of("a child dies before the others were registered");
        }
        if (spanMillis() > number("periodMs") - 50) {
            return Optional.of("the outcome depends on real time");
        }
        if (specs().anyMatch(Scenario::stopsSlowly)) {
            return Optional.of("a stop that takes time");
        }
        if (isDynamic() && allItems().anyMatch(item -> is(item, "terminate_child"))) {
            return Optional.of("a dynamic child is terminated by its process: children have names here");
        }
        if (events().stream()
                .map(Scenario::items)
                .anyMatch(items -> items.stream().anyMatch(i -> is(i, "count_children"))
                        && items.stream().anyMatch(i -> is(i, "exit")))) {
            return Optional.of("dead children are counted before their end is known: nobody can ask the dead here");
        }
        if (!restartsGroups()
                && events().stream()
                        .map(Scenario::items)
                        .anyMatch(items -> items.size() > 1 && items.stream().anyMatch(i -> is(i, "which_children")))) {
            return Optional.of(
                    "children are listed while one is started: only a group strategy lets the question wait");
        }
        return Optional.empty();
    }

    private boolean restartsGroups() {
        return text("strategy").equals("one_for_all") || text("strategy").equals("rest_for_one");
    }

    private long spanMillis() {
        List<JsonObject> events = events();
        return events.isEmpty() ? 0 : events.get(events.size() - 1).get("atMs").getAsLong();
    }

    private static String startPlan(JsonObject spec) {
        return spec.has("startPlan") && !spec.getAsJsonArray("startPlan").isEmpty()
                ? spec.getAsJsonArray("startPlan").get(0).getAsString()
                : "";
    }

    private static boolean stopsSlowly(JsonObject spec) {
        JsonElement stop = spec.get("stop");
        boolean slow = stop != null
                && (stop.isJsonPrimitive() || stop.getAsJsonObject().has("slowMs"));
        return slow
                && !(spec.has("shutdown") && spec.get("shutdown").getAsString().equals("brutal_kill"));
    }

    private Stream<JsonObject> specs() {
        return Stream.concat(
                children().stream(),
                allItems().filter(item -> item.has("spec")).map(item -> item.getAsJsonObject("spec")));
    }

    private Stream<JsonObject> allItems() {
        return events().stream().flatMap(event -> items(event).stream());
    }

    private static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>(array.size());
        StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .forEach(objects::add);
        return objects;
    }
}
