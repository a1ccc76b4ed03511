// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.Cause;
import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ClientState;
import io.holdfast.api.supervision.ChildSignals;
import io.holdfast.api.supervision.ExitReason;
import io.holdfast.api.supervision.Owner;
import io.holdfast.api.transport.CloseInfo;
import io.holdfast.api.transport.ConnectFailure;
import io.holdfast.api.transport.ConnectRequest;
import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.api.transport.TransportListener;
import io.holdfast.client.endpoint.BanStore;
import io.holdfast.client.engine.ClientSpec;
import io.holdfast.client.engine.Clients;
import io.holdfast.client.engine.EngineServices;
import io.holdfast.client.engine.ManagedClient;
import io.holdfast.client.sim.VirtualEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine that ships, on a virtual clock; the transport opens at once and breaks when told to. */
class ConditionsTest {
    private final VirtualEnvironment environment = new VirtualEnvironment(3);
    private final Set<String> there = new TreeSet<>();
    private final Line line = new Line();
    private Conditions conditions;
    private Clients clients;

    @BeforeEach
    void start() {
        conditions = new Conditions(environment, id -> on -> {
            if (on) {
                there.add(id);
            } else {
                there.remove(id);
            }
        });
        EngineServices services = EngineServices.of(environment, BanStore.inMemory(), conditions);
        services.events().add(conditions::event, id -> true);
        services.transport().set(line);
        clients = new Clients(services, conditions);
    }

    private ManagedClient client(String id, boolean configured, String... group) {
        ClientOptions.Builder options = ClientOptions.uri("ws://localhost/" + id)
                .id(id)
                .option("listeners.required", 0)
                .option("up.linger", "5s");
        for (String g : group) {
            options.group(g);
        }
        ManagedClient client =
                clients.create(new ClientSpec(id, options.build(), configured), Optional.empty(), ended -> {});
        client.begin();
        return client;
    }

    private void run(String span) {
        environment.runFor(Duration.parse("PT" + span));
    }

    @Test
    void readyFollowsAtOnceAndUpLingers() {
        client("a", true);
        run("1S");
        assertThat(there).containsExactly("holdfast.client.a.ready", "holdfast.client.a.up");
        line.refuses = true;
        line.breakOff("a");
        run("0.5S");
        assertThat(there).containsExactly("holdfast.client.a.up");
        run("4S");
        assertThat(there).containsExactly("holdfast.client.a.up");
        run("1S");
        assertThat(there).isEmpty();
    }

    @Test
    void aQuickReconnectIsSeenByReadyOnly() {
        client("a", true);
        run("40S");
        line.breakOff("a");
        run("4S");
        assertThat(there).contains("holdfast.client.a.ready", "holdfast.client.a.up");
        run("1H");
        assertThat(there).containsExactly("holdfast.client.a.ready", "holdfast.client.a.up");
    }

    @Test
    void theEndTakesEverythingAwayAtOnce() {
        ManagedClient a = client("a", true, "trading");
        run("10S");
        assertThat(there)
                .containsExactly("holdfast.client.a.ready", "holdfast.client.a.up", "holdfast.group.trading.healthy");
        a.end(Cause.of(Cause.Kind.OWNER_GONE, "test"));
        run("2S");
        assertThat(a.handle().state()).isEqualTo(ClientState.CLOSED);
        assertThat(there).isEmpty();
        client("a", true);
        run("10S");
        assertThat(there).containsExactly("holdfast.client.a.ready", "holdfast.client.a.up");
    }

    @Test
    void dynamicClientsCountInTheirGroupOnly() {
        client("a", false, "trading");
        client("b", true, "trading");
        client("c", true, "other");
        run("10S");
        assertThat(there)
                .containsExactly(
                        "holdfast.client.b.ready",
                        "holdfast.client.b.up",
                        "holdfast.client.c.ready",
                        "holdfast.client.c.up",
                        "holdfast.group.other.healthy",
                        "holdfast.group.trading.healthy");
        line.refuses = true;
        line.breakOff("a");
        run("6S");
        assertThat(there).contains("holdfast.group.other.healthy").doesNotContain("holdfast.group.trading.healthy");
    }

    @Test
    void aClientThatIsNotUpYetKeepsItsGroupUnhealthy() {
        client("a", true, "trading");
        run("10S");
        line.refuses = true;
        client("b", true, "trading");
        run("10S");
        assertThat(there).doesNotContain("holdfast.group.trading.healthy");
        line.refuses = false;
        run("60S");
        assertThat(there).contains("holdfast.group.trading.healthy");
    }

    @Test
    void whoeverWasStoppedOrGivenUpIsNotWaitedFor() {
        client("a", true, "trading");
        ManagedClient b = client("b", true, "trading");
        run("10S");
        Owner owner = new Owner("trading");
        b.child().orElseThrow().attach(owner, new NoSignals());
        b.child().orElseThrow().stop(owner, new ExitReason(ExitReason.Kind.SHUTDOWN, "test"), Duration.ofSeconds(1));
        run("6S");
        assertThat(there).contains("holdfast.group.trading.healthy").doesNotContain("holdfast.client.b.up");

        b.child().orElseThrow().start(owner, 2);
        line.refuses = true;
        run("10S");
        assertThat(there).doesNotContain("holdfast.group.trading.healthy");
        b.child().orElseThrow().givenUp(owner, "test");
        run("1S");
        assertThat(there).contains("holdfast.group.trading.healthy");
    }

    private static final class NoSignals implements ChildSignals {
        @Override
        public void exited(long incarnation, ExitReason reason) {
            // an owner that looks on
        }

        @Override
        public void requested(Request request) {
            throw new AssertionError("nobody asks");
        }
    }

    private final class Line implements Transport {
        private final Map<String, TransportListener> open = new HashMap<>();
        private boolean refuses;

        @Override
        public TransportConnection connect(ConnectRequest request, TransportListener listener) {
            String id = request.uri().getPath().substring(1);
            OpenLine connection = new OpenLine(() -> ended(id, CloseInfo.Kind.HANDSHAKE, 1000));
            environment.world(0, () -> {
                if (refuses) {
                    listener.onFailed(ConnectFailure.of(ConnectFailure.Kind.UNREACHABLE, "refused"));
                } else {
                    open.put(id, listener);
                    listener.onOpen(connection);
                }
            });
            return connection;
        }

        void breakOff(String id) {
            ended(id, CloseInfo.Kind.LOST, 1006);
        }

        private void ended(String id, CloseInfo.Kind kind, int code) {
            TransportListener listener = open.remove(id);
            environment.world(0, () -> listener.onClosed(new CloseInfo(kind, code, "")));
        }
    }

    private record OpenLine(Runnable onClose) implements TransportConnection {
        @Override
        public void demand() {
            // there are no messages
        }

        @Override
        public void send(boolean text, ByteBuffer payload, SendCallback callback) {
            callback.sent();
        }

        @Override
        public void ping(ByteBuffer payload, SendCallback callback) {
            callback.sent();
        }

        @Override
        public void close(int code, String reason) {
            onClose.run();
        }

        @Override
        public void abort() {
            // nobody listens any more
        }

        @Override
        public void afterReadPass(Runnable task) {
            task.run();
        }
    }
}
