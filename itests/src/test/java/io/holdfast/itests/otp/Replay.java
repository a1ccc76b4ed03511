// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.otp;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.api.supervision.Child;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.ChildStatus;
import io.holdfast.api.supervision.Supervisor.Counts;
import io.holdfast.api.supervision.Supervisor.GroupStatus;
import io.holdfast.api.supervision.Supervisor.Reply;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Services;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * One scenario in the container: a configured group, its first children as services, calls by the {@code Supervisor} service. What is
 * compared is what children experienced, what was replied, and what the group shows. For one thread.
 */
public final class Replay implements AutoCloseable {

    /** A decision and what follows from it reach the mailbox at most two rounds later: four without an effect are the end. */
    private static final int QUIET_ROUNDS = 4;

    private static final int ENDLESS = 5_000;

    private final Scenario scenario;
    private final BundleContext context;
    private final Configurations configurations;
    private final Services services;
    private final String group;
    private final boolean byOrder;
    private final Happenings happenings = new Happenings();
    private final List<ScriptedChild> children = new ArrayList<>();
    private final List<ServiceRegistration<Child>> registrations = new ArrayList<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private Supervisor supervisor;

    /** @param byOrder children come in the wrong order, and {@code child.order} puts it right */
    public Replay(
            Scenario scenario, BundleContext context, Configurations configurations, String group, boolean byOrder) {
        this.scenario = scenario;
        this.context = context;
        this.configurations = configurations;
        this.services = new Services(context);
        this.group = group;
        this.byOrder = byOrder;
    }

    /** Plays it; the first difference, if there is one. */
    public Optional<String> firstDifference() {
        begin();
        settle();
        Optional<String> difference = compare(-1, List.of());
        List<JsonObject> events = scenario.events();
        for (int i = 0; i < events.size() && difference.isEmpty(); i++) {
            List<CompletionStage<?>> replies = post(Scenario.items(events.get(i)));
            settle();
            difference = compare(i, replies);
        }
        return difference;
    }

    @Override
    public void close() {
        registrations.forEach(ServiceRegistration::unregister);
        configurations.delete(Configurations.GROUP, group);
        quickly(
                "end of the group",
                () -> services.references(Supervisor.class, filter()).isEmpty());
    }

    private String filter() {
        return "(" + Child.GROUP + "=" + group + ")";
    }

    private static void quickly(String what, java.util.concurrent.Callable<Boolean> condition) {
        await(what)
                .atMost(Services.LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition);
    }

    private void begin() {
        List<JsonObject> specs = scenario.children();
        List<Integer> arrival =
                new ArrayList<>(IntStream.range(0, specs.size()).boxed().toList());
        if (byOrder) {
            Collections.reverse(arrival);
        }
        for (int place : arrival) {
            ScriptedChild child = child(specs.get(place));
            registrations.add(context.registerService(
                    Child.class,
                    child,
                    new Hashtable<>(Map.of(
                            Child.ID,
                            child.spec().id(),
                            Child.GROUP,
                            group,
                            Child.ORDER,
                            child.spec().order()))));
        }
        configurations.set(Configurations.GROUP, group, options());
        quickly(
                "the group",
                () -> !services.references(Supervisor.class, filter()).isEmpty());
        supervisor = services.supervisor(group);
        quickly(
                "arrival of all children",
                () -> get(supervisor.countChildren()).specs() >= kept(specs)
                        || !supervisor.status().alive());
    }

    /** What is there after the start, from the recording: a temporary child that ignores its start is not kept. */
    private int kept(List<JsonObject> specs) {
        return (int) specs.stream()
                .filter(spec -> {
                    JsonArray plan = spec.getAsJsonArray("startPlan");
                    boolean ignores = plan != null
                            && !plan.isEmpty()
                            && plan.get(0).getAsString().equals("ignore");
                    return !(ignores && spec.get("restart").getAsString().equals("temporary"));
                })
                .count();
    }

    /** OTP's choice of every option. All events of the scenario lie within its period, so a longer one changes nothing. */
    private Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("strategy", scenario.text("strategy"));
        options.put("auto.shutdown", scenario.text("autoShutdown"));
        options.put("intensity", scenario.number("intensity"));
        options.put("period", "1h");
        options.put("budget", "group");
        options.put("restart.refused", true);
        options.put("uncounted", "none");
        options.put("answer.limit", "10m");
        if (scenario.has("maxChildren")) {
            options.put("children.max", scenario.number("maxChildren"));
        }
        return options;
    }

    private ScriptedChild child(JsonObject given) {
        JsonObject script = given.deepCopy();
        if (scenario.has("template")) {
            scenario.template().entrySet().forEach(field -> script.add(field.getKey(), field.getValue()));
        }
        String label = script.get("id").getAsString();
        String id = scenario.isDynamic() ? label + "#" + children.size() : label;
        int order = !byOrder
                ? 0
                : registrations.size() < scenario.children().size()
                        ? scenario.children().indexOf(given)
                        : children.size();
        ScriptedChild child = new ScriptedChild(id, order, script, happenings);
        labels.put(id, label);
        children.add(child);
        return child;
    }

    // ---- events

    private List<CompletionStage<?>> post(List<JsonObject> items) {
        if (items.size() == 1) {
            return post(items.get(0)).<List<CompletionStage<?>>>map(List::of).orElse(List.of());
        }
        List<CompletionStage<?>> replies = new ArrayList<>();
        Gate gate = Gate.close(supervisor);
        try {
            items.forEach(item -> post(item).ifPresent(replies::add));
        } finally {
            gate.open();
        }
        return replies;
    }

    private Optional<CompletionStage<?>> post(JsonObject item) {
        String name = item.has("child") ? item.get("child").getAsString() : "";
        return switch (item.get("kind").getAsString()) {
            case "exit" -> {
                children.stream()
                        .filter(c -> c.label().equals(name) && c.runs())
                        .findFirst()
                        .orElseThrow()
                        .exit(item.get("reason").getAsString());
                yield Optional.empty();
            }
            case "start_child" -> Optional.of(supervisor.startChild(child(item.getAsJsonObject("spec"))));
            case "terminate_child" -> Optional.of(supervisor.terminateChild(name));
            case "restart_child" -> Optional.of(supervisor.restartChild(name));
            case "delete_child" -> Optional.of(supervisor.deleteChild(name));
            case "which_children" -> Optional.of(supervisor.whichChildren());
            case "count_children" -> Optional.of(supervisor.countChildren());
            default -> throw new IllegalArgumentException("unknown event " + item);
        };
    }

    /** Waits until nothing moves any more: each question goes through the mailbox behind everything that is there. */
    private void settle() {
        int quiet = 0;
        for (int round = 0; quiet < QUIET_ROUNDS; round++) {
            if (round > ENDLESS) {
                throw new IllegalStateException("no end of it");
            }
            long before = happenings.count();
            get(supervisor.countChildren());
            quiet = happenings.count() == before ? quiet + 1 : 0;
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Services.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- comparing

    private Optional<String> compare(int event, List<CompletionStage<?>> replies) {
        JsonObject observed = scenario.observed(event);
        Map<String, Object> recorded = new LinkedHashMap<>();
        recorded.put("alive", observed.get("alive").getAsBoolean());
        recorded.put("children", recordedChildren(observed.getAsJsonArray("children")));
        recorded.put("actions", recordedActions(observed.getAsJsonArray("actions")));
        recorded.put("replies", recordedReplies(observed.getAsJsonArray("replies")));
        GroupStatus status = supervisor.status();
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("alive", status.alive());
        seen.put("children", seenChildren(status));
        seen.put("actions", seenActions(happenings.take(), status.alive()));
        seen.put(
                "replies",
                replies.stream().map(reply -> seenReply(reply, !status.alive())).toList());
        return recorded.equals(seen)
                ? Optional.empty()
                : Optional.of("after event " + event + "\n  recorded " + recorded + "\n  seen     " + seen);
    }

    private static List<String> recordedChildren(JsonArray children) {
        List<String> words = new ArrayList<>();
        for (JsonElement element : children) {
            JsonObject child = element.getAsJsonObject();
            words.add(child.get("id").getAsString() + " " + child.get("status").getAsString() + " "
                    + child.get("starts").getAsInt());
        }
        return words;
    }

    /** Present ones in start order, then by name those that were ever mentioned. */
    private List<String> seenChildren(GroupStatus status) {
        List<String> present = new ArrayList<>(status.children().stream()
                .map(c -> labels.get(c.id()) + " " + word(c) + " " + happenings.starts(labels.get(c.id())))
                .toList());
        if (scenario.isDynamic()) {
            Collections.sort(present);
        }
        TreeSet<String> absent = new TreeSet<>(labels.values());
        status.children().forEach(c -> absent.remove(labels.get(c.id())));
        absent.forEach(label -> present.add(label + " absent " + happenings.starts(label)));
        return present;
    }

    private static String word(ChildStatus child) {
        return child.state().name().toLowerCase(Locale.ROOT);
    }

    /** Dynamic children that end with their supervisor do so in no order. */
    private static List<List<String>> recordedActions(JsonArray actions) {
        List<List<String>> words = new ArrayList<>();
        for (JsonElement element : actions) {
            JsonArray action = element.getAsJsonArray();
            if (action.get(0).getAsString().equals("terminate_all")) {
                List<List<String>> all = new ArrayList<>();
                action.get(1)
                        .getAsJsonArray()
                        .forEach(pair -> all.add(List.of(
                                "terminate",
                                pair.getAsJsonArray().get(0).getAsString(),
                                pair.getAsJsonArray().get(1).getAsString())));
                words.addAll(sorted(all));
            } else {
                List<String> one = new ArrayList<>();
                action.forEach(word -> one.add(word.getAsString()));
                words.add(one);
            }
        }
        return words;
    }

    private List<List<String>> seenActions(List<List<String>> actions, boolean alive) {
        if (alive || !scenario.isDynamic()) {
            return actions;
        }
        int end = actions.size();
        while (end > 0 && actions.get(end - 1).get(0).equals("terminate")) {
            end--;
        }
        List<List<String>> words = new ArrayList<>(actions.subList(0, end));
        words.addAll(sorted(actions.subList(end, actions.size())));
        return words;
    }

    private static List<List<String>> sorted(List<List<String>> actions) {
        return actions.stream().sorted(Comparator.comparing(List::toString)).toList();
    }

    private List<Object> recordedReplies(JsonArray replies) {
        List<Object> words = new ArrayList<>();
        if (replies != null) {
            replies.forEach(reply -> words.add(recordedReply(reply)));
        }
        return words;
    }

    /** The api has one word for a child that runs, one that did not want to, and one that is gone at once. */
    private Object recordedReply(JsonElement reply) {
        if (reply.isJsonPrimitive()) {
            String word = reply.getAsString();
            return word.equals("ok:undefined") || word.equals("ignore") ? "ok" : word;
        }
        if (reply.isJsonArray()) {
            List<String> inStartOrder = new ArrayList<>();
            reply.getAsJsonArray()
                    .forEach(pair ->
                            inStartOrder.add(pair.getAsJsonArray().get(0).getAsString() + " "
                                    + pair.getAsJsonArray().get(1).getAsString()));
            Collections.reverse(inStartOrder);
            return inStartOrder;
        }
        JsonObject object = reply.getAsJsonObject();
        if (object.has("specs")) {
            return new Counts(
                    object.get("specs").getAsInt(), object.get("active").getAsInt());
        }
        List<String> labelsAndStates = new ArrayList<>();
        object.getAsJsonArray("running").forEach(label -> labelsAndStates.add(label.getAsString() + " running"));
        Collections.sort(labelsAndStates);
        return labelsAndStates + ", restarting " + object.get("restarting").getAsInt();
    }

    /** @param ended the group has: it has no children then, which is its answer to questions */
    private Object seenReply(CompletionStage<?> stage, boolean ended) {
        Object reply = get(stage);
        if (reply instanceof Reply word) {
            return word == Reply.OK
                    ? "ok"
                    : word == Reply.NOPROC ? "noproc" : "error:" + word.name().toLowerCase(Locale.ROOT);
        }
        if (reply instanceof Counts counts) {
            return ended && counts.specs() == 0 ? "noproc" : counts;
        }
        List<String> all = ((List<?>) reply)
                .stream()
                        .map(ChildStatus.class::cast)
                        .map(c -> labels.get(c.id()) + " " + word(c))
                        .toList();
        if (ended && all.isEmpty()) {
            return "noproc";
        }
        if (!scenario.isDynamic()) {
            return all;
        }
        return all.stream().filter(c -> c.endsWith(" running")).sorted().toList() + ", restarting "
                + all.stream().filter(c -> c.endsWith(" restarting")).count();
    }
}
