// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;

/** Strict reading, and the little writing that keeps the key order of recorded frames. */
final class Json {

    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();

    private Json() {}

    /** @throws JsonParseException with the parser's text when it is no (single) JSON value */
    static JsonElement parse(String text) {
        JsonElement element = STRICT.fromJson(text, JsonElement.class);
        if (element == null) {
            throw new JsonParseException("there is no text");
        }
        return element;
    }

    /** A JSON string with its quotes. */
    static String quote(String text) {
        return new JsonPrimitive(text).toString();
    }

    /** The string member, or empty. */
    static String string(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    /** The object member, or an empty object. */
    static JsonObject object(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject o ? o : new JsonObject();
    }
}
