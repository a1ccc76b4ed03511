// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.ConnectionEvent.Type;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.client.FrameObserver.Kind;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.support.ClientEvents;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.Numbers;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Connections replaced without a break: by an operator's command, by the server's notice, by age. The simulator gives each
 * number of a channel to every connection that asked for it, so what arrives tells whether any was lost or came twice.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RotationIT implements MessageListener, FrameObserver {

    private static final String BOOK = "book.BTC-PERPETUAL.raw";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";
    private static final String DEPTH = "btcusdt@depth@100ms";
    private static final String AGGREGATED = "btcusdt@aggTrade";
    private static final String LATER = "ethusdt@depth";
    private static final String ASKED = "private/get_positions";

    /** The simulator keeps an answer back for half of it: far longer than a rotation takes. */
    private static final Duration UNIT = Duration.ofSeconds(30);

    private record Frame(long connection, Kind kind, boolean outbound, String text) {}

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    @Inject
    private CommandProcessor shell;

    private final ClientEvents events = new ClientEvents();
    private final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final List<Continuity> continuity = new CopyOnWriteArrayList<>();
    private final Map<String, Numbers> numbers = new ConcurrentHashMap<>();
    private final List<String> snapshots = new CopyOnWriteArrayList<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private String id;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(RotationIT.class);
    }

    @Before
    public void start() {
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(UNIT)
                .rate(100)
                .client("me", "planted")
                .build());
        CredentialSource source = name -> Map.of(
                "exchange.client.id",
                Secret.of("me".toCharArray()),
                "exchange.client.secret",
                Secret.of("planted".toCharArray()));
        registrations.add(context.registerService(CredentialSource.class, source, new Hashtable<>()));
        registrations.add(context.registerService(FrameObserver.class, this, new Hashtable<>()));
    }

    /** Each test has a client of its own: the one before may still be leaving. */
    private void listenTo(String client) {
        id = client;
        registrations.add(context.registerService(
                MessageListener.class, this, new Hashtable<>(Map.of(MessageListener.CLIENT, id))));
        registrations.add(events.observe(context, id));
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        registrations.forEach(ServiceRegistration::unregister);
        simulator.close();
    }

    @Override
    public void onMessage(Message message) {
        String text = message.text();
        for (String channel : List.of(BOOK, TRADES, DEPTH, AGGREGATED, LATER)) {
            if (text.contains("\"" + channel + "\"")) {
                numbers(channel).read(text);
            }
        }
        if (text.contains("\"type\":\"snapshot\"")) {
            snapshots.add(text);
        }
    }

    @Override
    public void onContinuity(Continuity event) {
        continuity.add(event);
    }

    @Override
    public void frame(Origin origin, Kind kind, boolean outbound, ByteBuffer payload, boolean secret, long nanos) {
        String text = kind == Kind.TEXT && !secret
                ? StandardCharsets.UTF_8.decode(payload).toString()
                : "";
        frames.add(new Frame(origin.connection(), kind, outbound, text));
    }

    /** There before the first: a channel counts as proven a moment before its listener is told. */
    private Numbers numbers(String channel) {
        return numbers.computeIfAbsent(channel, c -> new Numbers());
    }

    private void deribit() {
        Map<String, Object> options = new LinkedHashMap<>(DeribitClient.options(simulator, UNIT));
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("plugin.limit", "10s");
        options.put("credentials", "any");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_credentials");
        options.put("exchange.channels", new String[] {BOOK, TRADES});
        options.put("rotate.drain", "60s");
        configurations.set(Configurations.CLIENT, id, options);
        awaitProven(2);
    }

    private void binance(String mode, Map<String, Object> more) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("uri", simulator.uri("/stream").toString());
        options.put("heartbeat.type", "binance");
        options.put("exchange.type", "binance");
        options.put("exchange.subscribe", mode);
        options.put("exchange.channels", new String[] {DEPTH, AGGREGATED});
        options.put("plugin.limit", "10s");
        options.put("rotate.drain", "60s");
        options.put("reconnect.floor", "20ms");
        options.put("reconnect.initial", "20ms");
        options.put("reconnect.maximum", "100ms");
        options.putAll(more);
        configurations.set(Configurations.CLIENT, id, options);
    }

    private void awaitProven(int channels) {
        services.awaitCondition("holdfast.client." + id + ".ready", true);
        await().atMost(Services.LIMIT)
                .until(() -> exchange().channels().size() == channels
                        && exchange().channels().stream().allMatch(c -> c.state() == State.PROVEN));
    }

    private Exchange exchange() {
        return services.client(id).exchange().orElseThrow();
    }

    private void command(String line) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
                CommandSession session = shell.createSession(new ByteArrayInputStream(new byte[0]), stream, stream)) {
            assertThat(String.valueOf(session.execute(line))).contains(id);
        }
    }

    /** One socket is left, each of the others was closed in order, and no number of any channel is missing or doubled. */
    private void withoutABreak(int rotations, String... channels) {
        events.await(Type.DRAINED, rotations);
        for (String channel : channels) {
            numbers(channel).awaitMore(50);
        }
        for (String channel : channels) {
            assertThat(numbers(channel).completeOnce(simulator, channel)).isPositive();
        }
        await().atMost(Services.LIMIT).until(() -> simulator.open().size() == 1);
        List<AcceptRecord> accepted = simulator.acceptLog();
        assertThat(accepted).hasSize(rotations + 1);
        assertThat(accepted.subList(0, rotations)).allSatisfy(old -> {
            assertThat(old.end()).isEqualTo(AcceptRecord.End.CLIENT_CLOSE);
            assertThat(old.closeCode()).isEqualTo(1000);
            assertThat(old.closeReason()).isEqualTo("rotated");
        });
        assertThat(accepted.get(rotations).end()).isEqualTo(AcceptRecord.End.OPEN);
        assertThat(continuity).hasOnlyElementsOfType(Continuity.Joined.class);
        assertThat(events.count(Type.LOST) + events.count(Type.ROTATION_FAILED)).isZero();
        assertThat(events.count(Type.ROTATED)).isEqualTo(rotations);
        assertThat(exchange().channels()).allMatch(c -> c.gaps() == 0);
        assertThat(services.client(id).state()).isEqualTo(ClientState.READY);
        assertThat(services.client(id).metrics().rotations()).isEqualTo(rotations);
        assertThat(services.client(id).metrics().streamsSwitched())
                .as("the stream without numbers, each time")
                .isEqualTo(rotations);
        System.out.printf(
                "%d rotations: %s%n",
                rotations,
                List.of(channels).stream()
                        .map(c -> c + " " + numbers(c).count())
                        .toList());
    }

    @Test
    public void by_command_while_a_call_is_under_way() throws Exception {
        listenTo("commanded");
        deribit();
        simulator.faults().on(1).reorderAnswers();
        CompletableFuture<Answer> call = exchange().call(Call.of(ASKED, "{}")).toCompletableFuture();
        await().atMost(Services.LIMIT).until(() -> frames(ASKED).size() == 1);
        long old = frames(ASKED).get(0).connection();

        command("holdfast:rotate " + id);
        events.await(Type.ROTATED, 1);
        assertThat(call).isNotDone();
        assertThat(exchange()
                        .call(Call.of("public/get_time", "{}"))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS))
                .matches(Answer::accepted);
        assertThat(events.count(Type.DRAINED)).as("waits for the call").isZero();
        assertThat(simulator.open()).hasSize(2);
        // Its answer lets go of the one that is kept back.
        simulator.faults().on(1).testRequest();

        assertThat(call.get(30, TimeUnit.SECONDS).result()).isEqualTo("[]");
        withoutABreak(1, BOOK, TRADES);
        assertThat(snapshots).hasSize(1);
        assertThat(frames(ASKED)).as("sent once").hasSize(1);
        assertThat(frames("public/get_time")).singleElement().matches(f -> f.connection() > old);
        String request = id(frames(ASKED).get(0).text());
        assertThat(frames)
                .filteredOn(f -> !f.outbound() && f.text().contains(request))
                .singleElement()
                .as("answered where it was asked")
                .matches(f -> f.connection() == old);
        assertThat(frames)
                .filteredOn(f -> f.kind() == Kind.CLOSE)
                .as("the closing handshake of the old connection")
                .hasSize(2)
                .allMatch(f -> f.connection() == old);
    }

    private List<Frame> frames(String method) {
        return frames.stream()
                .filter(f -> f.outbound() && f.text().contains("\"" + method + "\""))
                .toList();
    }

    private static String id(String request) {
        int from = request.indexOf("\"id\":");
        int to = request.indexOf(',', from);
        return request.substring(from, to < 0 ? request.length() - 1 : to);
    }

    @Test
    public void by_the_servers_notice() {
        listenTo("noticed");
        binance("live", Map.of());
        awaitProven(2);
        simulator.faults().serverShutdown();
        withoutABreak(1, DEPTH, AGGREGATED);
        assertThat(frames).filteredOn(f -> f.text().contains("serverShutdown")).hasSize(1);
    }

    @Test
    public void by_age_with_the_streams_in_the_address() {
        listenTo("aged");
        binance("uri", Map.of("rotate.after", "2s"));
        events.await(Type.DRAINED, 2);
        // One more channel shows that the options are in force: no other rotation begins.
        binance("uri", Map.of("exchange.channels", new String[] {DEPTH, AGGREGATED, LATER}));
        awaitProven(3);
        numbers(LATER).awaitMore(50);
        withoutABreak((int) events.count(Type.ROTATING), DEPTH, AGGREGATED, LATER);
    }
}
