// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import io.holdfast.app.view.Fleet.Member;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table at the top of the terminal, drawn anew every second. The lines below it are a scroll region of their own, in which the
 * prompt lives; one write per drawing, between saving and restoring the cursor, so that neither disturbs the other.
 */
public final class LiveTable implements Display {

    private static final long PERIOD_MILLIS = 1000;
    private static final long END_SECONDS = 5;

    private final Logger logger = LoggerFactory.getLogger(LiveTable.class);
    private final Fleet fleet;
    private final PrintStream out;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-table");
        thread.setDaemon(true);
        return thread;
    });

    /** Confined to the timer's thread, like {@link #seen}. */
    private Screen screen = Screen.EMPTY;

    private final Map<String, Seen> seen = new HashMap<>();

    /** Messages of a client up to a moment. */
    record Seen(long messages, long nanos) {
        double perSecondSince(Seen before) {
            // A new client of the same id counts from 0.
            long came = messages < before.messages ? messages : messages - before.messages;
            return came * 1e9 / Math.max(1, nanos - before.nanos);
        }
    }

    private LiveTable(BundleContext context, PrintStream out) {
        this.fleet = new Fleet(context);
        this.out = out;
    }

    /** Draws at once and from then on by itself. */
    public static LiveTable open(BundleContext context, PrintStream out) {
        LiveTable table = new LiveTable(context, out);
        table.timer.scheduleAtFixedRate(table::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return table;
    }

    private void tick() {
        try {
            draw();
        } catch (RuntimeException e) {
            // Thrown on, it would end the table without a word.
            logger.warn("The table could not be drawn", e);
        }
    }

    private void draw() {
        long now = System.nanoTime();
        List<Member> members = fleet.members();
        seen.keySet()
                .retainAll(members.stream().map(member -> member.client().id()).toList());
        List<List<String>> rows = members.stream()
                .map(member -> Row.of(member, perSecond(member, now)))
                .toList();
        Screen.Drawing drawing = screen.draw(rows);
        screen = drawing.after();
        print(drawing.text());
    }

    private double perSecond(Member member, long now) {
        Seen newest = new Seen(member.client().metrics().messagesIn(), now);
        Seen before = seen.put(member.client().id(), newest);
        return before == null ? 0 : newest.perSecondSince(before);
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    @Override
    public void close() {
        timer.execute(() -> print(screen.release()));
        timer.shutdown();
        try {
            timer.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fleet.close();
    }
}
