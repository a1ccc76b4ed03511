// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.client.exchange.SessionEffect.AskRenewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the protocol is asked about renewals until it has answered: a log-in that nobody renews runs out hours later. Pure but
 * for its own state; not thread-safe.
 */
final class RenewalQuestions {
    private static final long FIRST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private static final class Question {
        private final SessionStep step;
        private final Answer answer;
        private final long since;
        private long pause = FIRST;
        private boolean waits;
        private boolean nobodyThere;
        private long at;

        private Question(SessionStep step, Answer answer, long since) {
            this.step = step;
            this.answer = answer;
            this.since = since;
        }

        private AskRenewal ask() {
            waits = false;
            return new AskRenewal(step, answer);
        }
    }

    private final List<Question> open = new ArrayList<>(0);

    /** @param answer that accepted the step just now */
    AskRenewal ask(SessionStep step, Answer answer, long now) {
        Question question = new Question(step, answer, now);
        open.add(question);
        return question.ask();
    }

    /** There is an answer. @return when the step was accepted; empty if nobody wants to know any more */
    Optional<Long> answered(Answer answer) {
        Optional<Question> question = find(answer);
        question.ifPresent(open::remove);
        return question.map(q -> q.since);
    }

    /** There is none: it is asked again later, later each time. */
    void failed(Answer answer, long now) {
        find(answer).ifPresent(q -> {
            q.waits = true;
            q.at = now + q.pause;
            q.pause = Math.min(LONGEST, 2 * q.pause);
        });
    }

    /** There is nobody to be asked: {@link #again} tells when there is. */
    void unasked(Answer answer) {
        find(answer).ifPresent(q -> {
            q.waits = true;
            q.nobodyThere = true;
        });
    }

    /** An answer of the exchange is asked about once, and may be equal to another one. */
    private Optional<Question> find(Answer answer) {
        return open.stream().filter(q -> q.answer == answer).findFirst();
    }

    /** There is somebody else to ask. */
    void again(long now) {
        for (Question q : open) {
            q.nobodyThere = false;
            q.at = now;
            q.pause = FIRST;
        }
    }

    List<AskRenewal> due(long now) {
        return open.stream()
                .filter(q -> q.waits && !q.nobodyThere && now - q.at >= 0)
                .map(Question::ask)
                .toList();
    }

    /** Nanoseconds until one is due; {@code MAX_VALUE} if none is. */
    long next(long now) {
        return open.stream()
                .filter(q -> q.waits && !q.nobodyThere)
                .mapToLong(q -> Math.max(1, q.at - now))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** What was accepted holds no more. */
    void clear() {
        open.clear();
    }
}
