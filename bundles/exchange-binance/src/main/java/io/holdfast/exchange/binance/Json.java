// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.util.ArrayList;
import java.util.List;

/** Strict reading; numbers keep the digits they came with. Pure. */
final class Json {
    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private Json() {}

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

    /** The member if it is a text or a number, as written, else empty. */
    static String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive p && !p.isBoolean() ? p.getAsString() : "";
    }

    /** The member if it is a whole number, else the other. */
    static long number(JsonObject object, String name, long otherwise) {
        try {
            return object.get(name) instanceof JsonPrimitive p
                    ? p.getAsBigDecimal().longValueExact()
                    : otherwise;
        } catch (NumberFormatException | ArithmeticException e) {
            return otherwise;
        }
    }

    static JsonObject object(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject o ? o : new JsonObject();
    }

    /** The elements if all are texts, else none. */
    static List<String> texts(JsonElement element) {
        List<String> texts = new ArrayList<>();
        if (element instanceof JsonArray array) {
            for (JsonElement e : array) {
                if (!(e instanceof JsonPrimitive p) || !p.isString()) {
                    return List.of();
                }
                texts.add(p.getAsString());
            }
        }
        return texts;
    }
}
