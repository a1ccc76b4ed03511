// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.client.Cause;
import io.holdfast.client.core.Input;
import io.holdfast.client.exchange.SessionEffect;

/** What open connections and their sessions tell the engine, on the mailbox. */
final class FromSessions implements Links.Owner, ExchangeSide.Engine {
    private final ClientEngine engine;

    FromSessions(ClientEngine engine) {
        this.engine = engine;
    }

    @Override
    public Connection connection(long number) {
        return engine.connection(number);
    }

    @Override
    public void setupDone(long connection) {
        engine.input(new Input.SetupDone(connection));
    }

    @Override
    public void dead(long connection, Cause cause) {
        engine.input(new Input.Dead(connection, cause));
    }

    @Override
    public void missed() {
        engine.refreshHeartbeatView();
    }

    @Override
    public void drained(long connection) {
        engine.input(new Input.Drained(connection));
    }

    @Override
    public void holdBack(long connection) {
        engine.delivery().holdBack(connection);
    }

    @Override
    public void exchangeChanged() {
        engine.exchangeChanged();
    }

    @Override
    public void dataBegins(long connection) {
        engine.input(new Input.DataBegins(connection));
        engine.delivery().begin(connection);
    }

    @Override
    public void sessionGreeted(Connection connection) {
        engine.links().live(connection).ifPresent(LiveConnection::greeted);
    }

    @Override
    public void sessionReady(Connection connection) {
        engine.links().live(connection).ifPresent(LiveConnection::sessionReady);
    }

    @Override
    public void sessionEnds(long connection, SessionEffect.End end) {
        engine.input(
                switch (end.how()) {
                    case RETRY -> new Input.Dead(connection, end.cause());
                    case WAIT -> new Input.Judged(connection, Input.Judgement.WAIT, end.cause(), end.pause());
                    case REFUSED -> new Input.Judged(connection, Input.Judgement.REFUSED, end.cause(), end.pause());
                    case ROTATE -> new Input.Rotate(connection, end.cause(), false);
                    case REPLACE -> new Input.Reconnect(end.cause());
                });
    }
}
