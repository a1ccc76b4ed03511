// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.client.Holdfast;
import io.holdfast.transport.jetty.JettyTransport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client in a process of its own that can be stopped and continued, as a suspended laptop or a starved container does it.
 * The program ends with its standard input.
 */
final class PausedProcess implements AutoCloseable {
    private final Process process;

    /** Opens the line with the subject's heartbeat. */
    PausedProcess(Subject subject, String uri, List<String> openMessages) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                subject.factory().getClass().getName(),
                uri,
                Integer.toString(openMessages.size())));
        command.addAll(openMessages);
        subject.options().forEach((k, v) -> command.add(k + "=" + v));
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Stands still from here on. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        if (!kill.waitFor(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("kill " + name + " failed");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Runs in the other process. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            HeartbeatFactory factory =
                    (HeartbeatFactory) Class.forName(args[0]).getConstructor().newInstance();
            ClientOptions.Builder options = ClientOptions.uri(args[1])
                    .option("reconnect.floor", "50ms")
                    .option("reconnect.initial", "50ms")
                    .option("reconnect.attempts", "0")
                    .option("plugin.limit", "20s")
                    .option("heartbeat.type", factory.type());
            int messages = Integer.parseInt(args[2]);
            for (int i = 0; i < messages; i++) {
                options.openMessage(args[3 + i]);
            }
            for (int i = 3 + messages; i < args.length; i++) {
                int equals = args[i].indexOf('=');
                options.option(args[i].substring(0, equals), args[i].substring(equals + 1));
            }
            try (JettyTransport transport = new JettyTransport();
                    Holdfast holdfast = Holdfast.start(transport, List.of(factory))) {
                holdfast.clients().open(options.build(), message -> {}, PausedProcess.Program::show);
                while (System.in.read() >= 0) {
                    // Only the end of the input counts.
                }
            }
        }

        private static void show(ConnectionEvent event) {
            System.out.println(event.type());
        }
    }
}
