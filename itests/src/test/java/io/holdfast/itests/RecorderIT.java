// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Recording;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.OptionUtils;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The recorder by configuration, under one living connection: recorded, restarted, played; no secret anywhere. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RecorderIT {

    private static final String ID = "recorded";
    private static final String PID = "io.holdfast.recorder";
    private static final String SECRET = "planted-recorder-secret";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private Path directory;

    @Configuration
    public Option[] configuration() {
        return OptionUtils.combine(Containers.standard(RecorderIT.class), Containers.optional(PID));
    }

    @Before
    public void start() throws IOException {
        directory = Files.createTempDirectory("holdfast-recorder-it");
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = simulator();
        CredentialSource source = name -> Map.of(
                "exchange.client.id",
                Secret.of("me".toCharArray()),
                "exchange.client.secret",
                Secret.of(SECRET.toCharArray()));
        registrations.add(context.registerService(CredentialSource.class, source, new Hashtable<>()));
    }

    private static Simulator simulator() {
        return Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(500))
                .rate(50)
                .client("me", SECRET)
                .build());
    }

    @After
    public void stop() throws IOException {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        registrations.forEach(ServiceRegistration::unregister);
        simulator.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Receiver open(String id, Simulator at) {
        Receiver receiver = new Receiver();
        registrations.add(receiver.listenTo(context, id));
        Map<String, Object> options = new LinkedHashMap<>(DeribitClient.options(at, Duration.ofMillis(500)));
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("plugin.limit", "10s");
        options.put("credentials", "any");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_credentials");
        options.put("exchange.channels", new String[] {TRADES});
        configurations.set(Configurations.CLIENT, id, options);
        return receiver;
    }

    private List<String> lines() throws IOException {
        Path file = directory.resolve("frames.jsonl");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private long data() throws IOException {
        return lines().stream()
                .filter(l -> l.contains("\"dir\":\"recv\"") && l.contains("\\\"subscription\\\""))
                .count();
    }

    private void awaitData(long more) throws IOException {
        long enough = data() + more;
        await().atMost(Services.LIMIT).until(() -> data() >= enough);
    }

    @Test
    public void what_was_recorded_survives_restarts_and_can_be_played() throws Exception {
        Bundles bundles = new Bundles(context);
        Bundle recorder = bundles.named(PID);
        open(ID, simulator);
        services.awaitCondition("holdfast.client." + ID + ".ready", true);
        assertThat(lines()).as("off until it is asked for").isEmpty();

        configurations.setSingle(PID, Map.of("directory", directory.toString()));
        awaitData(30);
        simulator.faults().reset();
        awaitData(30);
        for (int i = 0; i < 3; i++) {
            bundles.stop(recorder);
            List<String> before = lines();
            if (i == 1) {
                bundles.update(recorder);
            }
            bundles.start(recorder);
            awaitData(20);
            assertThat(lines().subList(0, before.size())).isEqualTo(before);
        }
        assertThat(simulator.accepts()).as("no connection but for the reset").isEqualTo(2);
        configurations.deleteSingle(PID);
        // It goes in SCR's time, and what is read here must not be in the middle of being written.
        await().atMost(Services.LIMIT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(t -> t.getName().equals("holdfast-recorder")));

        List<String> lines = lines();
        assertThat(lines).anyMatch(l -> l.contains("public/auth") && l.contains("\"dir\":\"send\""));
        assertThat(lines).anyMatch(l -> l.contains("access_token\\\":\\\"***\\\""));
        assertThat(String.join("\n", lines)).doesNotContain(SECRET).doesNotContain("\"dir\":\"gap\"");
        assertThat(lines).allMatch(l -> l.contains("\"client\":\"" + ID + "\"") && l.endsWith("}"));

        play();
        assertThat(services.references(io.holdfast.api.client.FrameObserver.class, null))
                .isEmpty();
    }

    private void play() throws Exception {
        Recording recording = Recording.of(directory, ID);
        List<String> texts = new ArrayList<>();
        recording.texts().forEachRemaining(texts::add);
        assertThat(texts).hasSizeGreaterThan(100);
        try (Simulator replay = simulator()) {
            var played = replay.replay(DeribitClient.PATH, recording, 1_000);
            Receiver receiver = open("player", replay);
            await().atMost(Services.LIMIT).until(played::isDone);
            await().atMost(Services.LIMIT)
                    .until(() -> services.client("player").metrics().messagesIn() >= texts.size());
            assertThat(receiver.count(io.holdfast.api.client.Continuity.Interrupted.class))
                    .isZero();
            configurations.delete(Configurations.CLIENT, "player");
            replay.awaitNoneOpen(Services.LIMIT);
        }
    }
}
