// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A line for every event of every client. Called on the client bundle's observer lane. */
public final class ChangeLines implements Display, ConnectionListener {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private final PrintStream out;
    private ServiceRegistration<ConnectionListener> registration;

    private ChangeLines(PrintStream out) {
        this.out = out;
    }

    /** Begins with the events from now on. */
    public static ChangeLines open(BundleContext context, PrintStream out) {
        ChangeLines lines = new ChangeLines(out);
        lines.registration = context.registerService(ConnectionListener.class, lines, new Hashtable<>());
        return lines;
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        out.println(line(event, ZoneId.systemDefault()));
    }

    static String line(ConnectionEvent event, ZoneId zone) {
        StringBuilder line = new StringBuilder(TIME.format(LocalTime.ofInstant(event.at(), zone)))
                .append(' ')
                .append(Row.plain(event.clientId()))
                .append(' ')
                .append(event.type());
        switch (event.type()) {
            case STARTED -> line.append(" incarnation ").append(event.incarnation());
            case CONNECTING, CONNECTED, READY, LOST ->
                line.append(" connection ").append(event.connection());
            case CONNECT_FAILED -> line.append(" attempt ").append(event.attempt());
            case RECONNECTING -> line.append(" in ").append(Row.time(Optional.of(event.delay())));
            default -> {
                // the cause says it
            }
        }
        event.cause()
                .ifPresent(cause ->
                        line.append(" (").append(Row.plain(cause.toString())).append(')'));
        return line.toString();
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
