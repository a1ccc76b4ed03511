// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.compare;

import io.holdfast.benchmarks.peers.Peer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares client libraries: every measurement in a process of its own, a load server in another, rounds interleaved, so that what
 * else the machine does falls on all alike. Prints Markdown and writes {@code results.csv}. Usage: see benchmarks/README.md.
 */
public final class Compare {
    private static final long LIMIT_SECONDS = 180;
    private static final Map<String, String> UNITS = Map.of(
            "receive",
            "CPU us for a message of %d bytes",
            "answer",
            "us from request to answer (%d bytes), median",
            "heap",
            "bytes of heap for each of %d idle connections");

    private record Row(String test, int parameter, String client, int round, double value, double load) {}

    private final Map<String, String> options = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        new Compare().run(args);
    }

    private void run(String[] args) throws Exception {
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            if (parts.length < 2
                    || !List.of("--rounds", "--clients", "--receive", "--answer", "--heap", "--out")
                            .contains(parts[0])) {
                throw new IllegalArgumentException(
                        arg
                                + ": known are --rounds=N --clients=a,b --receive=SIZES --answer=SIZES --heap=COUNTS --out=DIR; SIZES may be empty");
            }
            options.put(parts[0], parts[1]);
        }
        int rounds = Integer.parseInt(options.getOrDefault("--rounds", "5"));
        Path out = Path.of(options.getOrDefault("--out", "benchmarks/target/compare"));
        List<String> clients = List.of(
                options.getOrDefault("--clients", String.join(",", Peer.NAMES)).split(","));
        compare("receive", numbers("--receive", "528"), rounds, clients, out);
        compare("answer", numbers("--answer", "200"), rounds, clients, out);
        compare("heap", numbers("--heap", "1000"), rounds, clients, out);
    }

    private List<Integer> numbers(String option, String otherwise) {
        String list = options.getOrDefault(option, otherwise);
        return list.isEmpty()
                ? List.of()
                : List.of(list.split(",")).stream().map(Integer::valueOf).toList();
    }

    private void compare(String test, List<Integer> parameters, int rounds, List<String> clients, Path out)
            throws Exception {
        for (int parameter : parameters) {
            for (int round = 1; round <= rounds; round++) {
                for (String client : clients) {
                    double value = measure(client, test, parameter);
                    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
                    rows.add(new Row(test, parameter, client, round, value, load));
                    System.err.printf(
                            Locale.ROOT,
                            "%s %d, round %d of %d: %-16s %10.3f (load %.1f)%n",
                            test,
                            parameter,
                            round,
                            rounds,
                            client,
                            value,
                            load);
                }
                write(out);
            }
            table(test, parameter, rounds, clients);
        }
    }

    /** With a server of its own: connections that are only held are given back with its process. */
    private double measure(String client, String test, int parameter) throws Exception {
        Process server = start("LoadServer");
        try (BufferedReader said = new BufferedReader(new InputStreamReader(server.getInputStream()))) {
            String port = said.readLine().replace("PORT ", "");
            return result(start("Measurement", client, test, Integer.toString(parameter), port));
        } finally {
            server.destroy();
        }
    }

    /** NaN if the process did not come to one within the limit. */
    private static double result(Process process) throws Exception {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        double value = Double.NaN;
        try (BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("RESULT ")) {
                    value = Double.parseDouble(line.substring(7));
                }
            }
        }
        return value;
    }

    private static Process start(String main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(List.of(
                "-Xms1g",
                "-Xmx1g",
                "-XX:+UseG1GC",
                "-cp",
                System.getProperty("java.class.path"),
                Compare.class.getPackageName() + "." + main));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void write(Path out) throws IOException {
        StringBuilder csv = new StringBuilder("test,parameter,client,round,value,load\n");
        for (Row r : rows) {
            csv.append(String.format(
                    Locale.ROOT, "%s,%d,%s,%d,%.4f,%.2f%n", r.test, r.parameter, r.client, r.round, r.value, r.load));
        }
        Files.createDirectories(out);
        Files.writeString(out.resolve("results.csv"), csv);
    }

    private void table(String test, int parameter, int rounds, List<String> clients) {
        List<Row> mine = rows.stream()
                .filter(r -> r.test.equals(test) && r.parameter == parameter)
                .toList();
        double[] loads = mine.stream().mapToDouble(Row::load).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%n%s; %d interleaved rounds, load average %.1f to %.1f%n%n",
                String.format(UNITS.get(test), parameter),
                rounds,
                loads[0],
                loads[loads.length - 1]);
        System.out.printf(
                "| client | median | min | max | x %s (median of the rounds) |%n|---|---:|---:|---:|---:|%n",
                clients.get(0));
        Map<Integer, Double> base = new HashMap<>();
        mine.stream().filter(r -> r.client.equals(clients.get(0))).forEach(r -> base.put(r.round, r.value));
        Map<String, List<Row>> byClient = new LinkedHashMap<>();
        mine.forEach(
                r -> byClient.computeIfAbsent(r.client, c -> new ArrayList<>()).add(r));
        byClient.forEach((client, all) -> {
            double[] values = all.stream()
                    .mapToDouble(Row::value)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            double[] ratios = all.stream()
                    .mapToDouble(r -> r.value / base.get(r.round))
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            if (values.length == 0) {
                System.out.printf("| %s | failed, see above | | | |%n", client);
            } else {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.3f | %.3f | %.3f | %.3f |%n",
                        client,
                        values[values.length / 2],
                        values[0],
                        values[values.length - 1],
                        ratios.length == 0 ? Double.NaN : ratios[ratios.length / 2]);
            }
        });
    }
}
