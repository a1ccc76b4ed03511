// SPDX-License-Identifier: Apache-2.0
package io.holdfast.health;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;

/** The check of one client; reads snapshots, never waits. */
final class ClientCheck implements HealthCheck {
    private final Fleet.Member member;
    private final Fleet fleet;

    ClientCheck(Fleet.Member member, Fleet fleet) {
        this.member = member;
        this.fleet = fleet;
    }

    @Override
    public Result execute() {
        Judgement judgement = fleet.judge(member);
        return new Result(
                Results.status(judgement.status()),
                Results.text("client " + member.client().id() + ": " + judgement.text()));
    }
}
