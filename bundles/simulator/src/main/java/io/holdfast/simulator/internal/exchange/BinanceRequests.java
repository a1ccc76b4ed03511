// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading of the live subscribe protocol, with the error texts of the documentation. Pure. */
final class BinanceRequests {

    /** A request is refused with the given frame. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String frame) {
            super(frame, null, false, false);
        }
    }

    /**
     * A request that reads well.
     *
     * @param id JSON text
     */
    record Request(String method, List<JsonElement> params, String id) {
        List<String> names() throws Refused {
            List<String> names = new ArrayList<>();
            for (JsonElement element : params) {
                if (!(element instanceof JsonPrimitive p) || !p.isString()) {
                    throw invalid("property name must be a string");
                }
                names.add(p.getAsString());
            }
            return names;
        }
    }

    private static final Set<String> METHODS =
            Set.of("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY");
    private static final Pattern POSITION = Pattern.compile("line (\\d+) column (\\d+)");
    private static final Pattern METHOD_VALUE = Pattern.compile("\"method\"\\s*:\\s*\"(?:[^\"\\\\]|\\\\.)*\"");

    private BinanceRequests() {}

    static Request read(String text) throws Refused {
        JsonElement parsed;
        try {
            parsed = Json.parse(text);
        } catch (JsonParseException e) {
            Matcher at = POSITION.matcher(String.valueOf(e.getMessage()));
            throw new Refused("{\"code\":3,\"msg\":\"Invalid JSON: expected value at line "
                    + (at.find() ? at.group(1) + " column " + at.group(2) : "1 column " + text.length()) + "\"}");
        }
        if (!(parsed instanceof JsonObject object) || !(object.get("method") instanceof JsonPrimitive)) {
            throw invalid("missing field `method` at line 1 column " + text.length());
        }
        String method = object.get("method").getAsString();
        if (!METHODS.contains(method)) {
            Matcher value = METHOD_VALUE.matcher(text);
            throw invalid("unknown variant " + method + ", expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, "
                    + "`LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY` at line 1 column "
                    + (value.find() ? value.end() : text.length()));
        }
        String id = id(object.has("id") ? object.get("id") : JsonNull.INSTANCE);
        List<JsonElement> params = new ArrayList<>();
        if (object.get("params") instanceof JsonArray array) {
            array.forEach(params::add);
        }
        return new Request(method, params, id);
    }

    private static String id(JsonElement id) throws Refused {
        if (id.isJsonNull()) {
            return "null";
        }
        if (id instanceof JsonPrimitive p) {
            if (p.isString() && p.getAsString().matches("[A-Za-z0-9_-]{0,36}")) {
                return p.toString();
            }
            if (p.isNumber() && p.getAsString().matches("-?\\d{1,19}") && fitsLong(p.getAsString())) {
                return p.getAsString();
            }
        }
        throw invalid("request ID must be an unsigned integer");
    }

    private static boolean fitsLong(String digits) {
        return new BigInteger(digits).bitLength() < 64;
    }

    static Refused invalid(String what) {
        return new Refused("{\"code\":2,\"msg\":" + Json.quote("Invalid request: " + what) + "}");
    }

    static Refused unknownProperty(String id) {
        return new Refused("{\"code\":0,\"msg\":\"Unknown property\",\"id\":" + id + "}");
    }

    static Refused notBoolean() {
        return new Refused("{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\"}");
    }
}
