// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.engine;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.Exchange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What users hold of the exchange behind a client. */
final class ExchangeHandle implements Exchange {
    private final ClientEngine engine;
    private final ExchangeSide side;
    private final String type;

    ExchangeHandle(ClientEngine engine, ExchangeSide side, String type) {
        this.engine = engine;
        this.side = side;
        this.type = type;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public CompletionStage<Answer> call(Call call) {
        Objects.requireNonNull(call);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        engine.post(() -> side.call(call, answer), () -> {
            String why = "client " + engine.id() + ", " + call.method() + ": the client has ended";
            answer.completeExceptionally(new CallFailedException("", Outcome.NOT_SENT, why, null));
        });
        return answer.minimalCompletionStage();
    }

    @Override
    public void subscribe(Collection<String> channels) {
        List<String> names = List.copyOf(channels);
        engine.post(() -> side.want(names));
    }

    @Override
    public void unsubscribe(Collection<String> channels) {
        List<String> names = List.copyOf(channels);
        engine.post(() -> side.unwant(names));
    }

    @Override
    public List<ChannelStatus> channels() {
        return side.channels.status(
                side.takingConnection(), engine.environment().nanoTime());
    }

    @Override
    public Map<String, Long> conflated() {
        return side.conflated();
    }

    @Override
    public boolean loggedIn() {
        return side.loggedIn();
    }
}
