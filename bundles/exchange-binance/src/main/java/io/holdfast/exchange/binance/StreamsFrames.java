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

/** Reads what market streams send beside data. Pure. */
final class StreamsFrames {
    private StreamsFrames() {}

    static Inbound decode(String frame) {
        if (!(Json.parse(frame) instanceof JsonObject object)) {
            return Event.NONE;
        }
        String event = event(object);
        if (event.equals("serverShutdown")) {
            return new Event(Event.Kind.NOTICE, List.of(), Optional.empty());
        }
        if (event.equals("listenKeyExpired")) {
            return new Event(
                    Event.Kind.FAILED,
                    List.of(),
                    Optional.of(Failure.of(
                            event, "the listen key of uri has expired; a new one makes a new uri", Act.RECONNECT)));
        }
        return answer(object);
    }

    /** Bare, or wrapped with the name of its stream. */
    private static String event(JsonObject object) {
        return Json.text(object.has("stream") ? Json.object(object, "data") : object, "e");
    }

    private static Inbound answer(JsonObject object) {
        JsonObject error = object.get("error") instanceof JsonObject e ? e : object;
        String id = Json.text(object, "id");
        if (error.has("code")) {
            Failure failure = Failure.of(Json.text(error, "code"), Json.text(error, "msg"), Act.NONE);
            // Without an id it is of the oldest request, as they are answered in order.
            return new Answer(id, "", List.of(), Optional.of(failure));
        }
        if (!object.has("result") || id.isEmpty()) {
            return Event.NONE;
        }
        JsonElement result = object.get("result");
        return new Answer(id, result.toString(), Json.texts(result), Optional.empty());
    }
}
