// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.ExchangeContext;
import io.holdfast.api.exchange.ExchangeFactory;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.FrameRule;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.options.OptionSet;
import io.holdfast.exchange.deribit.DeribitExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The shipped plugin for an exchange that, beside what Deribit does, announces shutdowns and ends connections by age. */
final class NoticingExchange implements ExchangeFactory {
    static final String SHUTDOWN = "{\"e\":\"serverShutdown\",\"E\":1}";

    private final ExchangeFactory shipped = new DeribitExchange();
    private final Duration age;

    /** Told before each protocol is opened. */
    Runnable onOpen = () -> {};

    /** Told before each answer of what a channel is. */
    Consumer<String> onChannel = name -> {};

    /** Told before each answer of how a step is renewed. */
    Runnable onRenewal = () -> {};

    /** Told of each frame before it is decoded. */
    Consumer<String> onDecode = frame -> {};

    NoticingExchange(Duration age) {
        this.age = age;
    }

    @Override
    public String type() {
        return shipped.type();
    }

    @Override
    public OptionSet options() {
        return shipped.options();
    }

    @Override
    public ExchangeProtocol open(ExchangeContext context) {
        onOpen.run();
        ExchangeProtocol p = shipped.open(context);
        return new ExchangeProtocol() {
            @Override
            public ExchangeProfile profile() {
                ExchangeProfile of = p.profile();
                List<FrameRule> frames = new ArrayList<>(of.frames());
                frames.add(new FrameRule("shutdown", List.of("serverShutdown"), 64, FrameRule.Kind.EVENT, true));
                return new ExchangeProfile(
                        of.type(),
                        of.envelope(),
                        frames,
                        of.channelKey(),
                        of.acknowledgement(),
                        of.channelsPerCall(),
                        of.bytesPerMessage(),
                        of.limits(),
                        of.costs(),
                        of.retry(),
                        age);
            }

            @Override
            public ChannelSpec channel(String name) {
                onChannel.accept(name);
                return p.channel(name);
            }

            @Override
            public List<SessionStep> session(SessionContext session) {
                return p.session(session);
            }

            @Override
            public Optional<Renewal> renewal(SessionStep step, Answer answer) {
                onRenewal.run();
                return p.renewal(step, answer);
            }

            @Override
            public Call subscribe(List<String> channels, int phase) {
                return p.subscribe(channels, phase);
            }

            @Override
            public Call unsubscribe(List<String> channels, int phase) {
                return p.unsubscribe(channels, phase);
            }

            @Override
            public Inbound decode(String frame) {
                onDecode.accept(frame);
                return frame.equals(SHUTDOWN)
                        ? new Event(Event.Kind.NOTICE, List.of(), Optional.empty())
                        : p.decode(frame);
            }
        };
    }
}
