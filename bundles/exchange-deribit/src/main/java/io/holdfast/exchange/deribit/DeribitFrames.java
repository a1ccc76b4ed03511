// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Inbound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads Deribit's frames. Numbers keep the digits they came with. Pure. */
final class DeribitFrames {
    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private DeribitFrames() {}

    /** @throws IllegalArgumentException if it is no JSON value, without a word of it */
    static JsonElement parse(String text) {
        JsonElement element;
        try {
            element = STRICT.fromJson(text, JsonElement.class);
        } catch (JsonParseException e) {
            // Its text would show some of the frame.
            throw new IllegalArgumentException("a frame is no JSON");
        }
        if (element == null) {
            throw new IllegalArgumentException("a frame is empty");
        }
        return element;
    }

    static Inbound decode(String frame) {
        if (!(parse(frame) instanceof JsonObject object)) {
            return Event.NONE;
        }
        boolean answers = object.has("result") || object.has("error");
        if (!answers) {
            return Event.NONE;
        }
        JsonElement error = object.get("error");
        Optional<Failure> failure =
                error == null || error.isJsonNull() ? Optional.empty() : Optional.of(failure(error));
        String id = id(object.get("id"));
        if (id.isEmpty()) {
            // Not an answer to the oldest call: it is what Deribit says to text that is no request.
            return new Event(failure.isPresent() ? Event.Kind.FAILED : Event.Kind.NONE, List.of(), failure);
        }
        JsonElement result = object.get("result");
        String text = failure.isPresent() || result == null ? "" : result.toString();
        return new Answer(id, text, failure.isPresent() ? List.of() : listed(result), failure);
    }

    private static String id(JsonElement id) {
        return id instanceof JsonPrimitive p ? p.getAsString() : "";
    }

    private static List<String> listed(JsonElement result) {
        List<String> texts = new ArrayList<>();
        if (result instanceof JsonArray array) {
            for (JsonElement e : array) {
                if (!(e instanceof JsonPrimitive p) || !p.isString()) {
                    return List.of();
                }
                texts.add(p.getAsString());
            }
        }
        return texts;
    }

    private static Failure failure(JsonElement element) {
        if (!(element instanceof JsonObject error)) {
            return DeribitErrors.failure("", element.toString());
        }
        String code = error.get("code") instanceof JsonPrimitive p ? p.getAsString() : "";
        String message = text(error, "message");
        JsonElement data = error.get("data");
        return DeribitErrors.failure(code, data == null || data.isJsonNull() ? message : message + " " + data);
    }

    /** The member if it is a text, else empty. */
    static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    /** The member if it is a whole number, else -1. */
    static long number(JsonObject object, String name) {
        try {
            return object.get(name) instanceof JsonPrimitive p
                    ? p.getAsBigDecimal().longValueExact()
                    : -1;
        } catch (NumberFormatException | ArithmeticException e) {
            return -1;
        }
    }
}
