// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.net;

import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.AcceptRecord.End;
import io.holdfast.simulator.AcceptRecord.UpgradeResult;
import java.time.Instant;

/** The growing line of one connection in the accept log. Loop thread only. */
final class AcceptEntry {

    private final int number;
    private final int localPort;
    private final int remotePort;
    private final long acceptedNanos = System.nanoTime();
    private final Instant acceptedAt = Instant.now();
    private String path = "";
    private UpgradeResult upgrade = UpgradeResult.PENDING;
    private int status;
    private long openedNanos;
    private int closeCode;
    private String closeReason = "";
    private End end = End.OPEN;
    private String endDetail = "";
    private long endedNanos;

    AcceptEntry(int number, int localPort, int remotePort) {
        this.number = number;
        this.localPort = localPort;
        this.remotePort = remotePort;
    }

    int number() {
        return number;
    }

    void path(String value) {
        path = value;
    }

    void answered(UpgradeResult result, int httpStatus) {
        upgrade = result;
        status = httpStatus;
        if (result == UpgradeResult.OPENED) {
            openedNanos = System.nanoTime();
        }
    }

    void clientClose(int code, String reason) {
        closeCode = code;
        closeReason = reason;
    }

    /** The first end counts. */
    void end(End who, String detail) {
        end = who;
        endDetail = detail;
        endedNanos = System.nanoTime();
    }

    boolean ended() {
        return end != End.OPEN;
    }

    AcceptRecord snapshot() {
        return new AcceptRecord(
                number,
                localPort,
                remotePort,
                acceptedNanos,
                acceptedAt,
                path,
                upgrade,
                status,
                openedNanos,
                closeCode,
                closeReason,
                end,
                endDetail,
                endedNanos);
    }
}
