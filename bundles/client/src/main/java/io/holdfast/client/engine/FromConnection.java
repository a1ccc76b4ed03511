// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.api.heartbeat.HookVerdict;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.client.core.Input;
import java.time.Duration;

/** What a connection tells the engine, on the connection's thread: only posts, but for its beginning and its end. */
final class FromConnection implements Connection.Owner {
    private final ClientEngine engine;

    FromConnection(ClientEngine engine) {
        this.engine = engine;
    }

    @Override
    public void opened(Connection connection) {
        engine.tell(new Input.Opened(connection.number));
    }

    @Override
    public void failed(Connection connection, ConnectFailure failure) {
        engine.postInput(new Input.ConnectFailed(connection.number, failure));
    }

    @Override
    public void closed(Connection connection, CloseInfo info) {
        CloseInfo shown = new CloseInfo(info.kind(), info.code(), Text.shown(info.reason()));
        engine.tell(new Input.Closed(connection.number, shown));
    }

    @Override
    public void beatAnswered(Connection connection) {
        engine.post(() -> engine.links().live(connection).ifPresent(live -> {
            live.beatAnswered();
            engine.refreshHeartbeatView();
        }));
    }

    @Override
    public void notice(Connection connection, String pattern, Duration lead) {
        Cause cause = Cause.of(Cause.Kind.NOTICE, "the server gave notice: " + pattern);
        engine.post(() -> engine.links()
                .live(connection)
                .ifPresent(live -> engine.input(new Input.Rotate(connection.number, cause, false))));
    }

    @Override
    public void hook(Connection connection, String pattern, String frame) {
        engine.post(() -> engine.heartbeat().hook(pattern, frame, verdict -> verdict(connection, pattern, verdict)));
    }

    private void verdict(Connection connection, String pattern, HookVerdict verdict) {
        if (engine.links().live(connection).isEmpty()) {
            return;
        }
        long now = engine.environment().nanoTime();
        switch (verdict.kind()) {
            case NONE -> {
                // the plugin only looked
            }
            case BEAT -> connection.serverBeat(now);
            case REPLY -> connection.sendNow(engine.fillId(verdict.text()), now);
            case NOTICE -> notice(connection, pattern, verdict.lead());
            case DEAD ->
                engine.input(
                        new Input.Dead(connection.number, Cause.of(Cause.Kind.HEARTBEAT, Text.shown(verdict.text()))));
        }
    }
}
