// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.support.Bundles;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.DeribitClient;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.time.Duration;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A configured client with the Deribit exchange plugin: session, calls, a cut, and the plugin's update under a living connection. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExchangeDeribitIT {

    private static final String ID = "session";
    private static final String BOOK = "book.BTC-PERPETUAL.raw";
    private static final String TRADES = "trades.BTC-PERPETUAL.raw";
    private static final String ORDERS = "user.orders.BTC-PERPETUAL.raw";
    private static final String PLUGIN = "io.holdfast.exchange.deribit";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private final Receiver receiver = new Receiver();
    private Configurations configurations;
    private Services services;
    private Simulator simulator;
    private List<ServiceRegistration<?>> registrations;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ExchangeDeribitIT.class);
    }

    @Before
    public void start() {
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = Simulator.start(SimulatorOptions.builder()
                .heartbeatUnit(Duration.ofMillis(500))
                .rate(50)
                .client("me", "planted")
                .build());
        CredentialSource source = name -> {
            if (!name.equals("deribit-it")) {
                throw new IllegalArgumentException("not here");
            }
            return Map.of(
                    "exchange.client.id",
                    Secret.of("me".toCharArray()),
                    "exchange.client.secret",
                    Secret.of("planted".toCharArray()));
        };
        registrations = List.of(
                context.registerService(CredentialSource.class, source, new Hashtable<>()),
                receiver.listenTo(context, ID));
        Map<String, Object> options = new LinkedHashMap<>(DeribitClient.options(simulator, Duration.ofMillis(500)));
        options.remove("open.messages");
        options.remove("open.messages.expect");
        options.put("plugin.limit", "10s");
        options.put("credentials", "deribit-it");
        options.put("exchange.type", "deribit");
        options.put("exchange.auth", "client_signature");
        options.put("exchange.channels", new String[] {BOOK, TRADES, ORDERS});
        configurations.set(Configurations.CLIENT, ID, options);
        services.awaitCondition("holdfast.client." + ID + ".ready", true);
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        registrations.forEach(ServiceRegistration::unregister);
        simulator.close();
    }

    private Exchange exchange() {
        return services.client(ID).exchange().orElseThrow();
    }

    private void awaitProven() {
        await().atMost(Services.LIMIT)
                .until(() -> exchange().channels().size() == 3
                        && exchange().channels().stream().allMatch(c -> c.state() == ChannelStatus.State.PROVEN));
    }

    private Answer time() throws Exception {
        CompletableFuture<Answer> call =
                exchange().call(Call.of("public/get_time", "")).toCompletableFuture();
        return call.get(30, TimeUnit.SECONDS);
    }

    @Test
    public void the_session_is_set_up_and_comes_back_after_a_reset() throws Exception {
        awaitProven();
        assertThat(exchange().loggedIn()).isTrue();
        assertThat(time().result()).matches("\\d+");

        simulator.faults().reset();
        await().atMost(Services.LIMIT)
                .until(() -> simulator.accepts() == 2 && receiver.count(Continuity.Resumed.class) == 1);
        awaitProven();
        assertThat(simulator.deribit().state(2).subscriptions()).isEqualTo(Set.of(BOOK, TRADES, ORDERS));
        Continuity.Resumed resumed = receiver.continuity().stream()
                .filter(Continuity.Resumed.class::isInstance)
                .map(Continuity.Resumed.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(resumed.channels()).containsExactlyInAnyOrder(BOOK, TRADES, ORDERS);
    }

    @Test
    public void the_plugin_is_updated_under_a_living_connection() throws Exception {
        awaitProven();
        Bundles bundles = new Bundles(context);
        Bundle plugin = bundles.named(PLUGIN);
        for (int i = 0; i < 3; i++) {
            bundles.stop(plugin);
            bundles.update(plugin);
            bundles.start(plugin);
            await().atMost(Services.LIMIT).ignoreExceptions().until(() -> time().accepted());
        }
        exchange().unsubscribe(List.of(TRADES));
        await().atMost(Services.LIMIT)
                .until(() -> simulator.deribit().state(1).subscriptions().equals(Set.of(BOOK, ORDERS)));
        assertThat(simulator.accepts()).isEqualTo(1);
    }
}
