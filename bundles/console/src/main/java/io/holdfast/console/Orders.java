// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Gives the orders of the page to groups and clients, and waits for their answers within a limit. */
final class Orders {
    /** @param done whether it was carried out */
    record Outcome(boolean done, String text) {}

    private final Supplier<List<Supervisor>> supervisors;
    private final Supplier<List<WebSocketClient>> clients;
    private final Duration limit;

    Orders(Supplier<List<Supervisor>> supervisors, Supplier<List<WebSocketClient>> clients, Duration limit) {
        this.supervisors = supervisors;
        this.clients = clients;
        this.limit = limit;
    }

    /** @param group of the child, empty for a client without supervisor */
    Outcome give(String order, String group, String id) {
        if (order.equals("reconnect")) {
            return reconnect(id);
        }
        List<Supervisor> found =
                supervisors.get().stream().filter(s -> s.group().equals(group)).toList();
        if (found.isEmpty()) {
            return new Outcome(false, "there is no supervisor of that group now");
        }
        Supervisor supervisor = found.get(0);
        return switch (order) {
            case "stop" -> await(supervisor.terminateChild(id));
            case "start" -> await(supervisor.restartChild(id));
            case "reset" -> await(supervisor.reset(id));
            case "restart" -> await(restart(supervisor, id));
            default -> new Outcome(false, "there is no such order");
        };
    }

    private Outcome reconnect(String id) {
        List<WebSocketClient> found =
                clients.get().stream().filter(c -> c.id().equals(id)).toList();
        if (found.isEmpty()) {
            return new Outcome(false, "there is no such client now");
        }
        found.get(0).reconnect();
        return new Outcome(true, "told to replace its connection");
    }

    /** OTP's way of a fresh incarnation: stopped, then started; what is stopped already is started. */
    private static CompletionStage<Reply> restart(Supervisor supervisor, String id) {
        return supervisor
                .terminateChild(id)
                .thenCompose(stopped ->
                        stopped == Reply.OK ? supervisor.restartChild(id) : CompletableFuture.completedFuture(stopped));
    }

    private Outcome await(CompletionStage<Reply> stage) {
        try {
            Reply reply = stage.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Outcome(reply == Reply.OK, words(reply));
        } catch (TimeoutException e) {
            return new Outcome(
                    false,
                    "not answered within " + limit.toSeconds() + " s; it is queued and may still be carried out");
        } catch (ExecutionException e) {
            return new Outcome(false, "failed: " + e.getCause().getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "the console ends");
        }
    }

    private static String words(Reply reply) {
        return switch (reply) {
            case OK -> "done";
            case NOT_FOUND -> "the group does not know it";
            case RUNNING, ALREADY_STARTED -> "it is running";
            case RESTARTING -> "it is being restarted";
            case ALREADY_PRESENT -> "the group has it already";
            case START_FAILED -> "it could not be started";
            case OWNED -> "it belongs to another supervisor";
            case NOPROC -> "the supervisor has ended";
            case MAX_CHILDREN -> "the group has as many children as it may have";
            case BAD_COMBINATION -> "the child does not fit its group";
            case NOT_SUPPORTED -> "the group's strategy knows no such order";
        };
    }
}
