// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.supervision.Supervisor;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** Gives orders to a group and says in words what came of them. Waits in the shell's thread, within a limit. */
final class Orders {
    private final Duration limit;

    Orders(Duration limit) {
        this.limit = limit;
    }

    /**
     * @param done what to say when the order was carried out
     * @throws IllegalStateException with the reason when it was not, or not yet
     */
    String give(
            Supervisor supervisor,
            String id,
            BiFunction<Supervisor, String, CompletionStage<Reply>> order,
            String done) {
        String subject = "'" + Format.text(id) + "' of group '" + Format.text(supervisor.group()) + "'";
        Reply reply = await(order.apply(supervisor, id), subject);
        if (reply != Reply.OK) {
            throw new IllegalStateException("Nothing done with " + subject + ": " + reason(reply) + " (" + reply + ")");
        }
        return subject + " " + done;
    }

    private Reply await(CompletionStage<Reply> stage, String subject) {
        try {
            return stage.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("No answer about " + subject + " within " + Format.duration(limit)
                    + "; the order is queued and may still be carried out");
        } catch (ExecutionException e) {
            // Only the text: the cause may be of a class whose bundle goes.
            throw new IllegalStateException("The order about " + subject + " failed: "
                    + e.getCause().getClass().getName() + ": "
                    + Format.text(String.valueOf(e.getCause().getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the answer about " + subject);
        }
    }

    private static String reason(Reply reply) {
        return switch (reply) {
            case OK -> "done";
            case NOT_FOUND -> "the group does not know it";
            case RUNNING, ALREADY_STARTED -> "it is running";
            case RESTARTING -> "it is being restarted";
            case ALREADY_PRESENT -> "the group has it already";
            case START_FAILED -> "it could not be started, see holdfast:events";
            case MAX_CHILDREN -> "the group has as many children as it may have";
            case BAD_COMBINATION ->
                "it is significant, which does not fit its restart type or its group's auto.shutdown";
            case NOT_SUPPORTED -> "the group's strategy knows no such order";
            case OWNED -> "it belongs to another supervisor";
            case NOPROC -> "the supervisor has ended";
        };
    }
}
