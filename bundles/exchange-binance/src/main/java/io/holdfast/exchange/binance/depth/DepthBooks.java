// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance.depth;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps a book for each stream {@code SYMBOL@depth} of one client on Binance's market streams: give it as the client's
 * listener, or hand on to it what yours gets. Other messages are left alone.
 *
 * <p>A book is shown only while it is right: joined with a snapshot, and every change since applied. After a loss it is not
 * shown until the next change has proved that nothing is missing, or else a new snapshot has come. Snapshots are asked for a
 * few at a time, and again after a pause of 1 s to 1 min, looked at when a message of any stream comes: without messages
 * there is nothing to join.
 *
 * <p>Both listener methods are called in the client's delivery lane, one after another. Its own methods are for that lane, too.
 * It has no thread and nothing to close.
 */
public final class DepthBooks implements MessageListener {
    /** Told of books. What it throws is treated as thrown by the client's listener. */
    public interface Listener {
        /** The book has changed and is right. Within the call it may be read; {@link DepthBook#copy} keeps it. */
        void onBook(DepthBook book);

        /**
         * The book must not be used any more until {@link #onBook} is called for it again.
         *
         * @param reason for humans
         */
        default void onStale(DepthBook book, String reason) {}
    }

    /** More streams than one connection may have. */
    private static final int MOST_BOOKS = 2048;

    /** A minute and more of the fastest stream of most books; older ones are in a snapshot that is yet to come. */
    private static final int MOST_HELD = 2000;

    private static final int AT_ONCE = 4;

    private static final class Kept {
        private final DepthBook book;
        private final DepthJoin join = new DepthJoin(MOST_HELD);
        private boolean shown;

        private Kept(DepthBook book) {
            this.book = book;
        }
    }

    /** @param snapshot null if none came */
    private record Answered(String stream, DepthSnapshot snapshot, String reason) {}

    private final SnapshotSource source;
    private final Listener listener;
    private final Map<String, Kept> books = new LinkedHashMap<>();
    private final SnapshotTurns turns = new SnapshotTurns(AT_ONCE);

    /** Filled by any thread, emptied in the lane; never more than are under way. */
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();

    public DepthBooks(SnapshotSource source, Listener listener) {
        this.source = Objects.requireNonNull(source);
        this.listener = Objects.requireNonNull(listener);
    }

    @Override
    public void onMessage(Message message) {
        try {
            for (Answered answer = answers.poll(); answer != null; answer = answers.poll()) {
                take(answer);
            }
        } finally {
            // Also if the listener threw: this change is not lost for that.
            if (message.isText() && DepthFrames.isUpdate(message.bytes())) {
                take(DepthUpdate.parse(message.text()));
            }
        }
        Optional<String> next = turns.next(message.receivedNanos());
        while (next.isPresent()) {
            ask(next.get());
            next = turns.next(message.receivedNanos());
        }
    }

    @Override
    public void onContinuity(Continuity continuity) {
        if (continuity instanceof Continuity.Gap gap && !gap.stream().isEmpty()) {
            Kept kept = books.get(gap.stream());
            if (kept != null) {
                hide(kept, "changes are missing");
            }
        } else if (!(continuity instanceof Continuity.Joined) && !(continuity instanceof Continuity.Resumed)) {
            // The next change tells whether anything is missing: it names the one it builds on.
            books.values().forEach(kept -> hide(kept, "the connection was lost"));
        }
    }

    private void take(DepthUpdate update) {
        Kept kept = books.get(update.stream());
        if (kept == null) {
            if (books.size() >= MOST_BOOKS) {
                throw new IllegalStateException("more than " + MOST_BOOKS + " books");
            }
            kept = new Kept(new DepthBook(update.stream(), update.symbol()));
            books.put(update.stream(), kept);
        }
        switch (kept.join.update(update)) {
            case APPLY -> {
                kept.book.apply(update);
                show(kept);
            }
            case ASK_SNAPSHOT -> {
                turns.want(update.stream());
                hide(kept, "changes are missing");
            }
            case HOLD -> hide(kept, "changes are missing");
            case DROP -> {
                // It is in the book already.
            }
        }
    }

    private void take(Answered answer) {
        turns.ended(answer.stream);
        Kept kept = books.get(answer.stream);
        if (answer.snapshot == null) {
            kept.join.failed();
            listener.onStale(kept.book, "no snapshot: " + answer.reason);
            return;
        }
        switch (kept.join.snapshot(answer.snapshot)) {
            case APPLY -> {
                kept.book.apply(answer.snapshot);
                kept.join.held().forEach(kept.book::apply);
                show(kept);
            }
            case ASK_SNAPSHOT -> turns.want(answer.stream);
            case HOLD, DROP -> {
                // Something was lost meanwhile; the next change asks.
            }
        }
    }

    private void show(Kept kept) {
        kept.shown = true;
        listener.onBook(kept.book);
    }

    private void hide(Kept kept, String reason) {
        if (kept.shown) {
            kept.shown = false;
            listener.onStale(kept.book, reason);
        }
    }

    private void ask(String stream) {
        CompletionStage<DepthSnapshot> asked;
        try {
            asked = source.ask(books.get(stream).book.symbol());
        } catch (Exception | LinkageError | StackOverflowError e) {
            answers.add(new Answered(stream, null, e.toString()));
            return;
        }
        asked.whenComplete((snapshot, e) -> answers.add(new Answered(stream, snapshot, reason(e))));
    }

    private static String reason(Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }
}
