// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;

/**
 * The syntax of a Configurator file: JSON, in which comments are allowed (OSGi Compendium 150.3). The Configurator itself says only
 * that a file is invalid, and goes on without it; a user who mistyped wants to know where.
 */
final class ConfigurationText {

    /** Gson's, to programmers. */
    private static final String ADVICE = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    private ConfigurationText() {}

    /**
     * @param name for the message
     * @throws UsageException telling line and column
     */
    static JsonObject parse(String name, String text) throws UsageException {
        TypeAdapter<JsonElement> elements = new Gson().getAdapter(JsonElement.class);
        try (JsonReader reader = new JsonReader(new StringReader(withoutComments(text)))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = elements.read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("something follows the end");
            }
            if (element instanceof JsonObject object) {
                return object;
            }
            throw new UsageException("--config: " + name + " is not valid: it must hold one JSON object");
        } catch (IOException | JsonParseException e) {
            throw new UsageException("--config: " + name + " is not valid JSON: " + firstLine(e.getMessage()));
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("unreadable").replace(ADVICE, "malformed");
    }

    /** Comments become blanks, so that lines and columns stay what they were. */
    static String withoutComments(String text) {
        StringBuilder out = new StringBuilder(text);
        int i = 0;
        while (i < out.length()) {
            char c = out.charAt(i);
            if (c == '"') {
                i = endOfString(out, i);
            } else if (c == '/' && i + 1 < out.length() && out.charAt(i + 1) == '/') {
                i = blank(out, i, "\n");
            } else if (c == '/' && i + 1 < out.length() && out.charAt(i + 1) == '*') {
                i = blank(out, i, "*/");
            } else {
                i++;
            }
        }
        return out.toString();
    }

    private static int endOfString(StringBuilder text, int quote) {
        int i = quote + 1;
        while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) != '\n') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int blank(StringBuilder text, int from, String end) {
        int at = text.indexOf(end, from + 2);
        int to = at < 0 ? text.length() : at + end.length();
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '\n') {
                text.setCharAt(i, ' ');
            }
        }
        return to;
    }
}
