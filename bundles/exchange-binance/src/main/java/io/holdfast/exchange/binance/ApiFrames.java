// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.Inbound;
import java.util.List;
import java.util.Optional;

/** Reads what the WebSocket API sends beside the account's events. Pure. */
final class ApiFrames {
    private static final long ERRORS = 400;
    private static final long UNAUTHORIZED = 401;

    private ApiFrames() {}

    /** @param userData whether the account's events are the session's; else they are their user's, who may end them */
    static Inbound decode(String frame, boolean userData) {
        if (!(Json.parse(frame) instanceof JsonObject object)) {
            return Event.NONE;
        }
        String event = Json.text(Json.object(object, "event"), "e");
        if (event.equals("serverShutdown")) {
            return new Event(Event.Kind.NOTICE, List.of(), Optional.empty());
        }
        if (event.equals("eventStreamTerminated") && userData) {
            // The log-in is done again with it: that the account's events ended may be because it does not hold any
            // more.
            return new Event(Event.Kind.LOGGED_OUT, List.of(), Optional.empty());
        }
        return object.has("status") ? answer(object) : Event.NONE;
    }

    private static Inbound answer(JsonObject object) {
        String id = Json.text(object, "id");
        long status = Json.number(object, "status", 0);
        JsonElement error = object.get("error");
        Optional<Failure> failure = Optional.empty();
        if (error instanceof JsonObject e) {
            failure = Optional.of(BinanceErrors.failure(status, e));
        } else if (status >= ERRORS) {
            failure = Optional.of(BinanceErrors.failure(status, new JsonObject()));
        }
        if (id.isEmpty()) {
            return unasked(status, failure);
        }
        JsonElement result = object.get("result");
        String text = failure.isPresent() || result == null ? "" : result.toString();
        return new Answer(id, text, failure.isPresent() ? List.of() : Json.texts(result), failure);
    }

    /** Not the answer to the oldest call: answers have their ids here. */
    private static Event unasked(long status, Optional<Failure> failure) {
        if (status == UNAUTHORIZED) {
            return new Event(Event.Kind.LOGGED_OUT, List.of(), failure);
        }
        if (failure.isEmpty()) {
            return Event.NONE;
        }
        Failure f = failure.get();
        // Nobody asked, so nobody is refused.
        boolean kept = f.act() == Act.WAIT || f.act() == Act.RECONNECT;
        return new Event(
                Event.Kind.FAILED, List.of(), Optional.of(kept ? f : Failure.of(f.code(), f.message(), Act.NONE)));
    }
}
