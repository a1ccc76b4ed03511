// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.WebSocketClient;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.supervision.Supervisor;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page. Nothing listens before a configuration asks for it. Its service is registered by hand: as a component's service it would show
 * the configuration as its properties, also one that was refused because it holds a secret.
 */
@Component(
        service = {},
        configurationPid = ConsoleOptions.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class Console {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Logger logger = LoggerFactory.getLogger(Console.class);
    private final Journal journal = new Journal();
    private final ConsoleOptions options;
    private final Token token;
    private final InventoryPrinter printer;
    private final BundleContext context;
    private volatile Server server;
    private volatile ServiceRegistration<ConnectionListener> listener;

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<WebSocketClient> clients = List.of();

    /** Replaced as a whole by the component runtime. */
    @Reference
    private volatile List<Supervisor> supervisors = List.of();

    /** @throws InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public Console(
            BundleContext context,
            Map<String, Object> properties,
            @Reference(target = "(felix.inventory.printer.name=holdfast)") InventoryPrinter printer) {
        this.context = context;
        this.printer = printer;
        this.options = ConsoleOptions.of(properties);
        this.token = token(options, context);
    }

    /** Listens. Not in the constructor: an instance that the component runtime drops before this must hold nothing. */
    @Activate
    public void activate() {
        Server listening = listen(options);
        Guard guard = new Guard(token, listening.host(), listening.address().getPort());
        Orders orders = new Orders(() -> supervisors, () -> clients, LIMIT);
        listening.serve(new Site(guard, orders, () -> tree(printer), journal::all));
        server = listening;
        listener = context.registerService(ConnectionListener.class, journal::add, null);
        if (!listening.address().getAddress().isLoopbackAddress()) {
            logger.warn("The console listens beyond loopback: its token crosses the network unencrypted");
        }
        logger.info(
                "Console at http://{}:{}/",
                listening.host(),
                listening.address().getPort());
    }

    @Deactivate
    public void deactivate() {
        listener.unregister();
        server.close();
    }

    private Token token(ConsoleOptions options, BundleContext context) {
        if (options.environment().isPresent()) {
            return Token.inEnvironment(options.environment().get(), System.getenv());
        }
        if (options.file().isPresent()) {
            return Token.inFile(options.file().get());
        }
        File place = context.getDataFile("console-token");
        if (place == null) {
            throw new InvalidOptionException("file", "must be given, or 'env': the framework has no place for files");
        }
        Path file = place.toPath();
        Token token = Token.keptIn(file);
        logger.info("The console's token is in {}", file);
        return token;
    }

    private static Server listen(ConsoleOptions options) {
        try {
            return new Server(options.address());
        } catch (IOException e) {
            throw new InvalidOptionException("port", "cannot listen on " + options.address() + ": " + e.getMessage());
        }
    }

    private static String tree(InventoryPrinter printer) {
        StringWriter out = new StringWriter();
        printer.print(new PrintWriter(out), Format.JSON, false);
        return out.toString();
    }
}
