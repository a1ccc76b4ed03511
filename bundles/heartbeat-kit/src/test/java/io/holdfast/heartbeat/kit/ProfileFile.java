// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.Durations;
import io.holdfast.api.options.Option;
import io.holdfast.heartbeat.generic.GenericHeartbeat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A profile as it is shipped: the one client configuration of a file. */
record ProfileFile(Map<String, Object> options) {
    static final Path FOLDER = Path.of("..", "heartbeat-generic", "profiles");

    static ProfileFile of(String name) {
        try {
            JsonObject file = JsonParser.parseString(Files.readString(FOLDER.resolve(name + ".json")))
                    .getAsJsonObject();
            Map<String, Object> options = new LinkedHashMap<>();
            file.getAsJsonObject(ClientOptions.PID + "~" + name)
                    .entrySet()
                    .forEach(e -> options.put(e.getKey(), value(e.getValue())));
            return new ProfileFile(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object value(JsonElement json) {
        if (json.isJsonArray()) {
            List<String> texts = new ArrayList<>();
            json.getAsJsonArray().forEach(e -> texts.add(e.getAsString()));
            return texts;
        }
        return json.getAsString();
    }

    ClientOptions client() {
        return ClientOptions.of(options);
    }

    List<String> openMessages() {
        return client().openMessages().stream().map(m -> m.text()).toList();
    }

    /** The heartbeat's options, every duration divided by the factor. */
    Map<String, String> heartbeat(int factor) {
        HeartbeatFactory generic = new GenericHeartbeat();
        Map<String, String> scaled = new TreeMap<>(client().heartbeatOptions());
        for (Option option : generic.options().options()) {
            if (option.type() == Option.Type.DURATION) {
                scaled.computeIfPresent(
                        option.name(),
                        (name, text) -> Durations.format(generic.options()
                                .parse(Map.of(name, text))
                                .duration(name)
                                .dividedBy(factor)));
            }
        }
        return scaled;
    }
}
