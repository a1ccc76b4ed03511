// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.junit.jupiter.api.Test;

/**
 * Our frame reader against Jetty's whole frame stack: the same bytes, each split in its own way, must give the same messages,
 * control frames, closings and failures. {@code -Dholdfast.fuzz.frames=10000000} for the long run, {@code -Dholdfast.fuzz.seed=N}
 * to repeat one.
 */
class DifferentialFuzzTest {
    private static final int MAX_MESSAGE = 10_000_000;

    private final WebSocketComponents components =
            new WebSocketComponents(null, null, new ArrayByteBufferPool(), null, null, Runnable::run);

    @Test
    void bothReadTheSameOfAnySplit() {
        long frames = Long.getLong("holdfast.fuzz.frames", 300_000);
        long seed = Long.getLong("holdfast.fuzz.seed", System.nanoTime());
        System.out.println("Differential fuzzing: " + frames + " frames, holdfast.fuzz.seed=" + seed);
        Random random = new Random(seed);
        RandomFrames source = new RandomFrames(random);
        long done = 0;
        long streams = 0;
        long events = 0;
        long failures = 0;
        while (done < frames) {
            int before = source.frames();
            byte[] stream = source.stream();
            int more = source.frames() - before;
            if ((done + more) / 1_000_000 > done / 1_000_000) {
                System.out.println("Differential fuzzing: " + (done + more) + " frames so far");
            }
            done += more;
            streams++;
            Events own = compare(random, stream, seed);
            events += own.list().size();
            failures += own.hasFailed() ? 1 : 0;
        }
        System.out.println("Differential fuzzing: no difference in " + done + " frames of " + streams + " streams; "
                + events + " messages and control frames, " + failures + " streams failed in the same way");
        assertThat(events).isGreaterThan(streams);
        assertThat(failures).isPositive();
    }

    private Events compare(Random random, byte[] stream, long seed) {
        // Pieces of a few bytes find the most and cost the most.
        int piece = random.nextInt(20) == 0 ? 1 + random.nextInt(8) : 16 << random.nextInt(9);
        JettyFrames jetty = new JettyFrames(components);
        OwnFrames own = new OwnFrames(MAX_MESSAGE);
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(piece));
            jetty.read(stream, from, to);
            from = to;
        }
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + random.nextInt(piece));
            own.read(stream, from, to, random.nextInt(3));
            from = to;
        }
        Events ours = own.events();
        Events theirs = jetty.events();
        // What breaks the rules by its header or its first bytes we refuse at once, Jetty when the frame or message is
        // whole, which it
        // may never be; so Jetty may still wait where we have failed, but never the other way round.
        // The same with our limit for messages, which Jetty has not here: it may find something else wrong later on.
        boolean early =
                ours.hasFailed() && !theirs.hasFailed() || ours.failure().equals("failed 1009");
        // A frame that is wrong twice: we tell of its opcode and bits, Jetty of its length or of the reason in it.
        boolean twice = ours.failure().equals("failed 1002") && jetty.refusedFirst();
        boolean sameEnd = ours.failure().equals(theirs.failure()) || early || twice;
        if (!sameEnd || !prefix(ours.list(), theirs.list(), early)) {
            fail(
                    "seed %d\nours   %s %s: %s\ntheirs %s %s\nstream %s",
                    seed,
                    ours.list(),
                    ours.failure(),
                    own.violation(),
                    theirs.list(),
                    theirs.failure(),
                    HexFormat.of().formatHex(stream, Math.max(0, stream.length - 4000), stream.length));
        }
        return ours;
    }

    /** Control frames may come within a message that will fail, which Jetty then still tells. */
    private static boolean prefix(List<String> ours, List<String> theirs, boolean failedEarly) {
        return failedEarly
                ? theirs.size() >= ours.size() && theirs.subList(0, ours.size()).equals(ours)
                : ours.equals(theirs);
    }
}
