// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** Strict reading, and the little writing that keeps the key order of recorded frames. */
final class Json {

    private static final TypeAdapter<JsonElement> ELEMENTS = new Gson().getAdapter(JsonElement.class);

    private Json() {}

    /** @throws JsonParseException with the parser's text when it is no (single) JSON value */
    static JsonElement parse(String text) {
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = ELEMENTS.read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("trailing text at " + reader.getPath());
            }
            return element;
        } catch (IOException | NumberFormatException | StackOverflowError e) {
            throw new JsonParseException(String.valueOf(e.getMessage()), e);
        }
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
