// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.app.account.StreamAccount;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.NumberedData;
import io.holdfast.simulator.SequenceRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opened at the beginning of a step and balanced at its end: messages by their numbers, sockets by the accept log. */
final class Books {

    /** Nothing is wrong any more when the books are balanced: the next numbers must come at once. */
    private static final int CATCH_UP_ALLOWANCES = 3;

    private static final Set<End> BY_CLIENT = Set.of(End.CLIENT_CLOSE, End.CLIENT_FIN, End.CLIENT_RESET);

    /** As the simulator calls its own reset of a connection. */
    private static final String RESET = "RST";

    private final Stage stage;
    private final Map<String, StreamAccount.Snapshot> before = new HashMap<>();
    private final Set<Integer> endedBefore = new HashSet<>();

    private Books(Stage stage) {
        this.stage = stage;
        Target.EXCHANGES.forEach(target -> before.putAll(stage.account(target).snapshot()));
        ended().forEach(record -> endedBefore.add(record.number()));
    }

    static Books open(Stage stage) {
        return new Books(stage);
    }

    private List<AcceptRecord> ended() {
        return stage.simulator().acceptLog().stream()
                .filter(record -> record.end() != End.OPEN)
                .toList();
    }

    void balance(Findings findings) {
        List<AcceptRecord> ended = ended().stream()
                .filter(record -> !endedBefore.contains(record.number()))
                .toList();
        for (Target target : Target.EXCHANGES) {
            List<AcceptRecord> own = ended.stream()
                    .filter(r -> r.openedNanos() != 0 && r.path().startsWith(target.path()))
                    .toList();
            messages(target, own, findings);
        }
        for (Target target : Target.ALL) {
            List<AcceptRecord> closed = ended.stream()
                    .filter(r -> r.openedNanos() != 0 && r.path().startsWith(target.path()))
                    .toList();
            if (!closed.isEmpty() || findings.closes(target) || Target.EXCHANGES.contains(target)) {
                findings.closed(target, closed);
            }
        }
    }

    private void messages(Target target, List<AcceptRecord> ended, Findings findings) {
        NumberedData data = stage.simulator().data();
        Map<String, Long> due = new HashMap<>();
        target.streams().forEach(stream -> due.put(stream, data.last(stream)));
        if (!stage.await(
                () -> due.entrySet().stream().allMatch(e -> last(target, e.getKey()) >= e.getValue()),
                stage.allowance().multipliedBy(CATCH_UP_ALLOWANCES))) {
            findings.equal(target.id() + ": data of every stream", "missing", "delivered");
            return;
        }
        Balance sum = Balance.EMPTY;
        for (String stream : target.streams()) {
            sum = sum.plus(balance(target, stream, ended));
        }
        findings.messages(target, sum);
        if (sum.inFlight() > 0) {
            long cut = ended.stream().filter(Books::isCut).count();
            double most = stage.settings().rate()
                    * target.streams().size()
                    * stage.allowance().toMillis()
                    / 1e3
                    * cut;
            findings.atMost(
                    target.id() + ": cut off on the way when a connection was ended or reset", sum.inFlight(), (long)
                            most);
        }
    }

    /** A reset overtakes what was written and is not sent yet: TCP gives that up, whichever side resets (RFC 9293, 3.10.5). */
    private static boolean isCut(AcceptRecord record) {
        return BY_CLIENT.contains(record.end()) || RESET.equals(record.endDetail());
    }

    private Balance balance(Target target, String stream, List<AcceptRecord> ended) {
        NumberedData data = stage.simulator().data();
        StreamAccount.Snapshot now = stage.account(target).snapshot().get(stream);
        StreamAccount.Snapshot then = before.getOrDefault(stream, new StreamAccount.Snapshot(List.of(), 0, 0, 0));
        List<List<SequenceRange>> cut = ended.stream()
                .filter(Books::isCut)
                .map(record -> data.written(stream, record.number()))
                .toList();
        return Balance.of(
                then.last() + 1,
                now.last(),
                now.received(),
                data.written(stream),
                cut,
                now.doubled() - then.doubled(),
                now.unreported() - then.unreported());
    }

    private long last(Target target, String stream) {
        StreamAccount.Snapshot snapshot = stage.account(target).snapshot().get(stream);
        return snapshot == null ? 0 : snapshot.last();
    }
}
