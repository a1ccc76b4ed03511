// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;

/** Everything that people other than a secret's owner may come to see, as text by place. Thread-safe. */
public final class Surface implements EventHandler {

    /** Guards itself. */
    private final Map<String, List<String>> shown = new LinkedHashMap<>();

    public void add(String place, Object value) {
        synchronized (shown) {
            shown.computeIfAbsent(place, p -> new ArrayList<>()).add(String.valueOf(value));
        }
    }

    public void addAll(String place, List<?> values) {
        values.forEach(value -> add(place, value));
    }

    /** With everything it was caused by, as a log shows it. */
    public void addThrowable(String place, Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        add(place, text);
    }

    @Override
    public void handleEvent(Event event) {
        for (String name : event.getPropertyNames()) {
            add("event admin", event.getTopic() + " " + name + "=" + text(event.getProperty(name)));
        }
    }

    /** The properties of every service that Holdfast's bundles have registered. */
    public void addServiceProperties(BundleContext context) {
        Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith("io.holdfast."))
                .forEach(bundle -> {
                    ServiceReference<?>[] references = bundle.getRegisteredServices();
                    for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
                        for (String key : reference.getPropertyKeys()) {
                            add("service properties", key + "=" + text(reference.getProperty(key)));
                        }
                    }
                });
    }

    /** What a shell command prints and answers. */
    public void addCommand(CommandProcessor processor, String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
                CommandSession session =
                        processor.createSession(new ByteArrayInputStream(new byte[0]), stream, stream)) {
            Object answer = session.execute(command);
            add("shell", command + ": " + (answer == null ? "" : session.format(answer, 0)));
        } catch (Exception e) {
            throw new IllegalStateException(command, e);
        }
        add("shell", command + ": " + out.toString(StandardCharsets.UTF_8));
    }

    private static String text(Object value) {
        return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
    }

    /** How much was collected at each place. */
    public Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        synchronized (shown) {
            shown.forEach((place, values) -> sizes.put(place, values.size()));
        }
        return sizes;
    }

    /** Where the text was found, each with what stands around it. */
    public List<String> with(String text) {
        List<String> found = new ArrayList<>();
        synchronized (shown) {
            shown.forEach((place, values) -> values.stream()
                    .filter(v -> v.contains(text))
                    .forEach(v -> found.add(place + ": "
                            + v.substring(
                                    Math.max(0, v.indexOf(text) - 80), Math.min(v.length(), v.indexOf(text) + 40)))));
        }
        return found;
    }
}
