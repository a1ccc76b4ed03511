// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened because of one event, in the words of the corpus. */
final class Recorder {
    private JsonArray actions;
    private List<JsonArray> together;
    private SortedMap<Long, JsonElement> replies;
    private List<Long> deathTimes;

    void begin() {
        actions = new JsonArray();
        together = new ArrayList<>();
        replies = new TreeMap<>();
        deathTimes = new ArrayList<>();
    }

    void record(String... words) {
        actions.add(array(words));
    }

    /** {@code together}: one of those that were told to stop all at once. */
    void terminated(boolean atOnce, String label, String reason, long atMs) {
        deathTimes.add(atMs);
        if (atOnce) {
            together.add(array(label, reason));
        } else {
            record("terminate", label, reason);
        }
    }

    void called(long token) {
        replies.put(token, new JsonPrimitive("no reply"));
    }

    void reply(long token, boolean dynamic, CallResult result) {
        JsonElement before = replies.put(token, describe(result, dynamic));
        if (before == null || !before.equals(new JsonPrimitive("no reply"))) {
            throw new IllegalStateException("second or unasked reply to call " + token + ": " + result);
        }
    }

    void finish(JsonObject observation) {
        if (!together.isEmpty()) {
            together.sort(Comparator.comparing(JsonArray::toString));
            JsonArray members = new JsonArray();
            together.forEach(members::add);
            JsonArray all = array("terminate_all");
            all.add(members);
            actions.add(all);
        }
        observation.add("actions", actions);
        if (!replies.isEmpty()) {
            JsonArray list = new JsonArray();
            replies.values().forEach(list::add);
            observation.add("replies", list);
        }
    }

    List<Long> deathTimes() {
        return deathTimes;
    }

    private static JsonElement describe(CallResult result, boolean dynamic) {
        if (result instanceof CallResult.Children children) {
            return dynamic ? dynamicChildren(children.children()) : staticChildren(children.children());
        }
        if (result instanceof CallResult.Counts counts) {
            JsonObject object = new JsonObject();
            object.addProperty("specs", counts.specs());
            object.addProperty("active", counts.active());
            object.addProperty("supervisors", counts.supervisors());
            object.addProperty("workers", counts.workers());
            return object;
        }
        if (result instanceof CallResult.Failure failure) {
            return new JsonPrimitive(
                    failure.error() == CallResult.Error.NO_PROCESS
                            ? "noproc"
                            : "error:" + failure.error().name().toLowerCase(Locale.ROOT));
        }
        if (result instanceof CallResult.NotRunning) {
            return new JsonPrimitive("ok:undefined");
        }
        return new JsonPrimitive(result instanceof CallResult.Ignored ? "ignore" : "ok");
    }

    private static JsonElement staticChildren(List<ChildView> children) {
        JsonArray list = new JsonArray();
        children.forEach(child -> list.add(array(child.id(), ScenarioSpecs.word(child.status()))));
        return list;
    }

    private static JsonElement dynamicChildren(List<ChildView> children) {
        JsonArray running = new JsonArray();
        children.stream()
                .filter(child -> child.status() == ChildStatus.RUNNING)
                .map(child -> Known.label(child.id(), true))
                .sorted()
                .forEach(running::add);
        JsonObject object = new JsonObject();
        object.add("running", running);
        object.addProperty(
                "restarting",
                children.stream()
                        .filter(child -> child.status() == ChildStatus.RESTARTING)
                        .count());
        return object;
    }

    private static JsonArray array(String... words) {
        JsonArray array = new JsonArray();
        for (String word : words) {
            array.add(word);
        }
        return array;
    }
}
