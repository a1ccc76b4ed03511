// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.strategy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a strategy believes of its open orders, and for how long it may believe it: from a loss of the connection until the
 * exchange was asked again it must not trade. Thread-safe.
 */
final class OpenOrders {
    private final Map<String, JsonObject> byId = new TreeMap<>();

    /** Changed by updates since the question now under way was asked: they are newer than its answer. */
    private final Set<String> changedSince = new HashSet<>();

    private long question;
    private boolean known;

    /** Nothing is known any more, as updates may be missing. */
    synchronized void doubt() {
        known = false;
        question++;
    }

    synchronized boolean known() {
        return known;
    }

    synchronized Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }

    /** @return what {@link #answered} must be given */
    synchronized long asking() {
        changedSince.clear();
        return ++question;
    }

    /** Whether this is still the question whose answer is wanted. */
    synchronized boolean asks(long asked) {
        return asked == question && !known;
    }

    /** An update of the channel: an order, or a list of them. */
    synchronized void update(JsonElement data) {
        List<JsonElement> orders = new ArrayList<>();
        if (data instanceof JsonArray all) {
            all.forEach(orders::add);
        } else {
            orders.add(data);
        }
        for (JsonElement element : orders) {
            if (element instanceof JsonObject order && order.has("order_id")) {
                changedSince.add(order.get("order_id").getAsString());
                put(order);
            }
        }
    }

    private void put(JsonObject order) {
        String id = order.get("order_id").getAsString();
        if (order.has("order_state") && order.get("order_state").getAsString().equals("open")) {
            byId.put(id, order);
        } else {
            byId.remove(id);
        }
    }

    /**
     * The exchange's own list.
     *
     * @return whether it is believed: not when the connection was lost after the question
     */
    synchronized boolean answered(long asked, JsonArray list) {
        if (asked != question) {
            return false;
        }
        byId.keySet().retainAll(changedSince);
        for (JsonElement element : list) {
            JsonObject order = element.getAsJsonObject();
            if (!changedSince.contains(order.get("order_id").getAsString())) {
                put(order);
            }
        }
        known = true;
        return true;
    }
}
