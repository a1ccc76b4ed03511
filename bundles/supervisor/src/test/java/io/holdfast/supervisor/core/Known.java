// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every child a scenario has mentioned so far, and how an observer lists them. */
final class Known {
    private final Map<String, Map<String, SimulatedChild>> declared = new LinkedHashMap<>();
    private final Map<String, Set<String>> mentioned = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();

    Known(JsonObject scenario) {
        declare(SupervisorTree.ROOT, scenario);
    }

    private void declare(String name, JsonObject supervisor) {
        Map<String, SimulatedChild> children = new LinkedHashMap<>();
        declared.put(name, children);
        for (JsonElement element : supervisor.getAsJsonArray("children")) {
            JsonObject child = element.getAsJsonObject();
            String id = child.get("id").getAsString();
            mention(name, id);
            if (child.has("sup")) {
                declare(id, child.getAsJsonObject("sup"));
            } else {
                children.put(id, new SimulatedChild(child));
            }
        }
    }

    Collection<String> supervisors() {
        return declared.keySet();
    }

    Map<String, SimulatedChild> declared(String supervisor) {
        return declared.get(supervisor);
    }

    void mention(String supervisor, String label) {
        mentioned.computeIfAbsent(supervisor, key -> new TreeSet<>()).add(label);
    }

    void countStart(String label) {
        starts.merge(label, 1, Integer::sum);
    }

    JsonArray allAbsent() {
        Set<String> all = new TreeSet<>();
        mentioned.values().forEach(all::addAll);
        JsonArray list = new JsonArray();
        all.forEach(label -> list.add(entry(label, "absent")));
        return list;
    }

    JsonArray children(String supervisor, SupervisorTree tree, long now, boolean dynamic) {
        Set<String> absent = new TreeSet<>(mentioned.getOrDefault(supervisor, Set.of()));
        List<JsonObject> present = new ArrayList<>();
        for (ChildView view : tree.core(supervisor).orElseThrow().children(now)) {
            String label = label(view.id(), dynamic);
            absent.remove(label);
            JsonObject entry = entry(label, ScenarioSpecs.word(view.status()));
            if (tree.core(view.id()).isPresent()) {
                entry.add("children", children(view.id(), tree, now, false));
            }
            present.add(entry);
        }
        if (dynamic) {
            present.sort(java.util.Comparator.comparing(entry -> entry.get("id").getAsString()));
        }
        JsonArray list = new JsonArray();
        present.forEach(list::add);
        absent.forEach(label -> list.add(entry(label, "absent")));
        return list;
    }

    static String label(String childId, boolean dynamic) {
        return dynamic ? childId.substring(0, childId.lastIndexOf('#')) : childId;
    }

    private JsonObject entry(String label, String status) {
        JsonObject entry = new JsonObject();
        entry.addProperty("id", label);
        entry.addProperty("status", status);
        entry.addProperty("starts", starts.getOrDefault(label, 0));
        return entry;
    }
}
