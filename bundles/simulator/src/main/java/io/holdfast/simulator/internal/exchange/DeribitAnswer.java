// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/** Reading of Deribit parameters, and the errors for wrong ones. Pure. */
final class DeribitAnswer {

    /** A request is answered with an error. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;
        private final String data;

        /** @param data JSON text, or null */
        Failure(int code, String message, String data) {
            super(message, null, false, false);
            this.code = code;
            this.data = data;
        }

        int code() {
            return code;
        }

        String data() {
            return data;
        }
    }

    private DeribitAnswer() {}

    static Failure invalid(String reason, String param) {
        return new Failure(
                -32602,
                "Invalid params",
                "{\"reason\":" + Json.quote(reason) + ",\"param\":" + Json.quote(param) + "}");
    }

    static Failure unauthorized() {
        return new Failure(13009, "unauthorized", "{\"reason\":\"invalid_token\"}");
    }

    static List<String> channels(JsonObject params, int limit) throws Failure {
        if (!(params.get("channels") instanceof JsonArray array)) {
            throw invalid("value required", "channels");
        }
        if (array.size() > limit) {
            throw invalid("too many channels", "channels");
        }
        List<String> channels = new ArrayList<>();
        for (JsonElement element : array) {
            if (!(element instanceof JsonPrimitive p) || !p.isString()) {
                throw invalid("must be a list of strings", "channels");
            }
            channels.add(p.getAsString());
        }
        return channels;
    }
}
