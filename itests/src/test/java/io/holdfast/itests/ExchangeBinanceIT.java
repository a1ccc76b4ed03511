// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelStatus;
import io.holdfast.api.exchange.ChannelStatus.State;
import io.holdfast.api.exchange.Exchange;
import io.holdfast.api.exchange.Signer;
import io.holdfast.api.transport.Secret;
import io.holdfast.itests.support.BinanceAccount;
import io.holdfast.itests.support.Configurations;
import io.holdfast.itests.support.Containers;
import io.holdfast.itests.support.Receiver;
import io.holdfast.itests.support.Services;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.SimulatorOptions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Configured clients with the Binance exchange plugin: market streams, and an account whose key stays with a signer. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExchangeBinanceIT {

    private static final String BOOKS = "books";
    private static final String ACCOUNT = "account";
    private static final String DEPTH = "btcusdt@depth@100ms";
    private static final String TRADES = "btcusdt@aggTrade";
    private static final String LATER = "ethusdt@depth";

    @Inject
    private BundleContext context;

    @Inject
    private ConfigurationAdmin admin;

    private final Receiver receiver = new Receiver();
    private Configurations configurations;
    private Services services;
    private Simulator simulator;

    @Configuration
    public Option[] configuration() {
        return Containers.standard(ExchangeBinanceIT.class);
    }

    @Before
    public void start() {
        configurations = new Configurations(admin);
        configurations.unlimitedAttempts();
        services = new Services(context);
        simulator = Simulator.start(SimulatorOptions.builder().rate(50).build());
    }

    @After
    public void stop() {
        configurations.close();
        simulator.awaitNoneOpen(Services.LIMIT);
        simulator.close();
    }

    private Map<String, Object> options(String path) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("uri", simulator.uri(path).toString());
        options.put("heartbeat.type", "binance");
        options.put("exchange.type", "binance");
        options.put("plugin.limit", "10s");
        options.put("reconnect.floor", "20ms");
        options.put("reconnect.initial", "20ms");
        options.put("reconnect.maximum", "100ms");
        return options;
    }

    private Exchange exchange(String id) {
        return services.client(id).exchange().orElseThrow();
    }

    private void awaitProven(int streams) {
        await().atMost(Services.LIMIT)
                .until(() -> exchange(BOOKS).channels().size() == streams
                        && exchange(BOOKS).channels().stream().allMatch(c -> c.state() == State.PROVEN));
    }

    private void streamsComeBack(String mode) {
        ServiceRegistration<?> listening = receiver.listenTo(context, BOOKS);
        Map<String, Object> options = options("/stream");
        options.put("exchange.subscribe", mode);
        options.put("exchange.channels", new String[] {DEPTH, TRADES});
        configurations.set(Configurations.CLIENT, BOOKS, options);
        services.awaitCondition("holdfast.client." + BOOKS + ".ready", true);
        awaitProven(2);
        exchange(BOOKS).subscribe(List.of(LATER));
        awaitProven(3);

        simulator.faults().reset();
        await().atMost(Services.LIMIT)
                .until(() -> simulator.accepts() == 2 && receiver.count(Continuity.Resumed.class) == 1);
        awaitProven(3);
        assertThat(simulator.binance().state(2).subscriptions()).isEqualTo(Set.of(DEPTH, TRADES, LATER));
        assertThat(exchange(BOOKS).channels()).allMatch(c -> c.gaps() == 0);
        Continuity.Resumed resumed = receiver.continuity().stream()
                .filter(Continuity.Resumed.class::isInstance)
                .map(Continuity.Resumed.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(resumed.channels()).containsExactlyInAnyOrder(DEPTH, TRADES, LATER);
        listening.unregister();
    }

    @Test
    public void streams_asked_for_live_come_back_after_a_reset() {
        streamsComeBack("live");
    }

    @Test
    public void streams_named_in_the_address_come_back_after_a_reset() {
        streamsComeBack("uri");
    }

    @Test
    public void a_stream_on_the_wrong_path_is_refused_by_name() {
        ServiceRegistration<?> listening = receiver.listenTo(context, BOOKS);
        Map<String, Object> options = options("/market/stream");
        options.put("exchange.channels", new String[] {DEPTH, TRADES});
        configurations.set(Configurations.CLIENT, BOOKS, options);
        services.awaitCondition("holdfast.client." + BOOKS + ".ready", true);
        await().atMost(Services.LIMIT)
                .until(() -> exchange(BOOKS).channels().stream().anyMatch(c -> c.state() == State.PROVEN));
        ChannelStatus refused = exchange(BOOKS).channels().stream()
                .filter(c -> c.state() == State.REFUSED)
                .findFirst()
                .orElseThrow();
        assertThat(refused.name()).isEqualTo(DEPTH);
        assertThat(refused.reason()).contains("exchange.channels").contains("/public");
        listening.unregister();
    }

    @Test
    public void an_account_logs_in_again_after_each_cut() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        BinanceAccount account = new BinanceAccount("me", keys.getPublic());
        simulator.handle("/ws-api/account", account);
        CredentialSource source = name -> Map.of("exchange.api.key", Secret.of("me".toCharArray()));
        Signer signer = (credentials, algorithm, data) -> Optional.of(sign(keys.getPrivate(), algorithm, data));
        List<ServiceRegistration<?>> registrations = List.of(
                context.registerService(CredentialSource.class, source, new Hashtable<>()),
                context.registerService(Signer.class, signer, new Hashtable<>()),
                receiver.listenTo(context, ACCOUNT));
        Map<String, Object> options = options("/ws-api/account");
        options.put("credentials", "binance-it");
        options.put("exchange.auth", "ed25519");
        options.put("exchange.user.data", "true");
        configurations.set(Configurations.CLIENT, ACCOUNT, options);
        services.awaitCondition("holdfast.client." + ACCOUNT + ".ready", true);
        assertThat(exchange(ACCOUNT).loggedIn()).isTrue();
        assertThat(exchange(ACCOUNT)
                        .call(Call.of("order.status", "{}"))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .result())
                .isEqualTo("{\"orderId\":9007199254740993}");

        simulator.faults().reset();
        await().atMost(Services.LIMIT).until(() -> receiver.count(Continuity.Resumed.class) == 1);
        await().atMost(Services.LIMIT).until(() -> exchange(ACCOUNT).loggedIn());
        await().atMost(Services.LIMIT).until(() -> account.subscriptions() == 2);
        account.terminate();
        await().atMost(Services.LIMIT).until(() -> account.subscriptions() == 3);
        await().atMost(Services.LIMIT).until(() -> exchange(ACCOUNT).loggedIn());
        assertThat(simulator.accepts()).isEqualTo(2);
        assertThat(account.refused()).isZero();
        registrations.forEach(ServiceRegistration::unregister);
    }

    private static byte[] sign(PrivateKey key, String algorithm, byte[] data) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
