// SPDX-License-Identifier: Apache-2.0
package io.holdfast.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;

/** Entry point of {@code holdfast.jar}: starts the container, lets one mode work in it, and ends the process. */
public final class Main {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /**
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            Options options = Options.parse(args);
            if (options.mode().equals(Options.HELP)) {
                System.out.print(Options.USAGE);
                return 0;
            }
            Optional<String> configuration = Optional.empty();
            if (options.configuration().isPresent()) {
                configuration =
                        Optional.of(Configuration.of(options.configuration().get()));
            }
            return run(options, configuration);
        } catch (UsageException e) {
            System.err.println("holdfast: " + e.getMessage());
            System.err.println("Try: java -jar holdfast.jar --help");
            return USAGE;
        } catch (IOException | BundleException | InvalidSyntaxException | IllegalStateException e) {
            System.err.println("holdfast: " + e);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** @param configuration the user's, checked */
    private static int run(Options options, Optional<String> configuration)
            throws IOException, BundleException, InvalidSyntaxException, InterruptedException {
        long begin = System.nanoTime();
        boolean console = options.mode().equals(Options.RUN) && Terminal.present();
        Path directory = Files.createTempDirectory("holdfast-");
        logTo(directory);
        Setup setup = Setup.of(options, console);
        Map<String, String> properties = new HashMap<>();
        properties.put(
                "configurator.initial",
                configuration.isPresent()
                        ? configuration.get()
                        : Configuration.builtIn(directory, setup.configurations()));
        properties.put("holdfast.mode", options.mode());
        properties.put("holdfast.console", Boolean.toString(console));
        properties.put("holdfast.bundles", BundleJars.location());
        properties.put(SimulatorPort.PROPERTY, SimulatorPort.choose());
        if (options.mode().equals(Options.REPLAY)) {
            properties.put("holdfast.recordings", options.arguments().get(0));
        }
        try (Container container = new Container(directory, properties)) {
            // A signal ends the process while main is still inside the mode.
            Runtime.getRuntime().addShutdownHook(new Thread(container::close, "holdfast-shutdown"));
            container.start(setup.dormant());
            List<String> problems = container.problems();
            if (!problems.isEmpty()) {
                problems.forEach(problem -> System.err.println("holdfast: " + problem));
                return FAILED;
            }
            try (ModeService mode = ModeService.find(container.context(), options.mode())) {
                System.out.printf(
                        Locale.ROOT,
                        "holdfast: ready, %d bundles active after %.1f s%n",
                        container.size(),
                        (System.nanoTime() - begin) / 1e9);
                return mode.call(options.arguments());
            }
        }
    }

    /** Warnings only, to stderr. Logback, inside the framework, reads its system property; what the user set stays. */
    private static void logTo(Path directory) throws IOException {
        if (System.getProperty("java.util.logging.config.file") == null) {
            // SPI Fly speaks before SLF4J is there.
            Logger.getLogger("").setLevel(Level.WARNING);
        }
        if (System.getProperty("logback.configurationFile") == null) {
            Path file = directory.resolve("logback.xml");
            try (InputStream in = Main.class.getResourceAsStream("logback.xml")) {
                if (in == null) {
                    throw new IOException("resource logback.xml is missing");
                }
                Files.copy(in, file);
            }
            System.setProperty("logback.configurationFile", file.toString());
        }
    }
}
