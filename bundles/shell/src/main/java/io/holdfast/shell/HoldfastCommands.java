// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import io.holdfast.api.client.ClientState;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.supervision.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The commands of scope {@code holdfast}. Each gives a text, so that shells can print and pipe it, or throws what is wrong.
 * There is no {@code help} among them: Gogo looks an unqualified name up in any scope, so it could hide the shell's own,
 * which prints the descriptions here.
 */
@Component(
        service = HoldfastCommands.class,
        property = {
            "osgi.command.scope=holdfast",
            "osgi.command.function=list",
            "osgi.command.function=show",
            "osgi.command.function=events",
            "osgi.command.function=reconnect",
            "osgi.command.function=rotate",
            "osgi.command.function=stop",
            "osgi.command.function=start",
            "osgi.command.function=reset",
            "osgi.command.function=ids"
        })
public final class HoldfastCommands {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int EVENTS = 20;

    /** In these a client has no connection and makes none by itself. */
    private static final Set<ClientState> IDLE =
            Set.of(ClientState.WAITING, ClientState.EXITED, ClientState.CLOSING, ClientState.CLOSED);

    private final EventLog log;
    private final Orders orders;

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Map.Entry<Map<String, Object>, WebSocketClient>> clients = List.of();

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Supervisor> supervisors = List.of();

    @Activate
    public HoldfastCommands(@Reference EventLog log) {
        this(log, LIMIT);
    }

    HoldfastCommands(EventLog log, Duration limit) {
        this.log = log;
        this.orders = new Orders(limit);
    }

    /** What the component runtime does through the fields. */
    HoldfastCommands seeing(
            List<Map.Entry<Map<String, Object>, WebSocketClient>> clients, List<Supervisor> supervisors) {
        this.clients = List.copyOf(clients);
        this.supervisors = List.copyOf(supervisors);
        return this;
    }

    @Descriptor("all clients and groups, a line each")
    public String list() {
        return ClientTable.of(inventory());
    }

    @Descriptor("everything about one client")
    public String show(@Descriptor("the client's id") String id) {
        Inventory inventory = inventory();
        ManagedClient client = inventory.client(id);
        return ClientDetails.of(client, inventory.supervised(client)) + "\n\n" + EventTable.of(log.of(id), 5);
    }

    @Descriptor("what happened: events [id] [n], the last n events (20) of one client or of all")
    public String events(@Descriptor("[id] [n]") String[] arguments) {
        if (arguments.length > 2) {
            throw new IllegalArgumentException("usage: events [id] [n]");
        }
        boolean onlyNumber = arguments.length == 1
                && isNumber(arguments[0])
                && inventory().find(arguments[0]).isEmpty();
        if (arguments.length == 0 || onlyNumber) {
            return EventTable.of(log.all(), onlyNumber ? number(arguments[0]) : EVENTS);
        }
        int n = arguments.length == 2 ? number(arguments[1]) : EVENTS;
        String id = arguments[0];
        // A client opened by a program has events, and no service to be found by.
        return EventTable.of(
                log.of(id).isEmpty() ? log.of(inventory().client(id).id()) : log.of(id), n);
    }

    @Descriptor("replace a client's connection now, within the budget of its endpoint group")
    public String reconnect(@Descriptor("the client's id") String id) {
        connected(id).reconnect();
        return "'" + Format.text(id) + "' was told to replace its connection.";
    }

    @Descriptor("replace a client's connection without a break: the old one goes when the new one is set up")
    public String rotate(@Descriptor("the client's id") String id) {
        connected(id).rotate();
        return "'" + Format.text(id) + "' was told to rotate its connection; holdfast:events shows how it goes.";
    }

    private WebSocketClient connected(String id) {
        WebSocketClient client = inventory().client(id).handle();
        ClientState state = client.state();
        if (IDLE.contains(state)) {
            throw new IllegalStateException(
                    "Client '" + Format.text(id) + "' is " + state + ", it has no connection to replace");
        }
        return client;
    }

    @Descriptor("stop a client or child of a group; it stays stopped until start")
    public String stop(@Descriptor("its id") String id) {
        return orders.give(
                inventory().supervisorOf(id),
                id,
                Supervisor::terminateChild,
                "is stopped and stays so until holdfast:start.");
    }

    @Descriptor("start a stopped or given-up client or child of a group")
    public String start(@Descriptor("its id") String id) {
        return orders.give(inventory().supervisorOf(id), id, Supervisor::restartChild, "is started.");
    }

    @Descriptor("forget the restarts of a client or child of a group, and start it if it was given up")
    public String reset(@Descriptor("its id") String id) {
        return orders.give(
                inventory().supervisorOf(id), id, Supervisor::reset, "has its whole budget of restarts again.");
    }

    @Descriptor("ids of all clients and children, for completion")
    public List<String> ids() {
        return inventory().everything().stream().map(Format::text).toList();
    }

    private Inventory inventory() {
        return new Inventory(
                clients.stream()
                        .map(c -> ManagedClient.of(c.getValue(), c.getKey()))
                        .toList(),
                supervisors);
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}");
    }

    private static int number(String text) {
        if (!isNumber(text)) {
            throw new IllegalArgumentException("'" + Format.text(text) + "' is not a number; usage: events [id] [n]");
        }
        return Integer.parseInt(text);
    }
}
