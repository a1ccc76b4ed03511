// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.yardstick;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Markdown from {@code raw.jsonl} of the bench: for each figure of each test median, least and greatest of the rounds, and the median of
 * the ratios to other adapters of the same round. Arguments: file, figure, adapters to compare with.
 */
public final class Ratios {
    private Ratios() {}

    public static void main(String[] args) throws Exception {
        String figure = args[1];
        Map<String, Map<String, Map<Integer, Double>>> tests = new LinkedHashMap<>();
        Map<String, List<Double>> loads = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            JsonObject run = JsonParser.parseString(line).getAsJsonObject();
            String test = run.get("test").getAsString();
            if (run.has(figure)) {
                tests.computeIfAbsent(test, t -> new LinkedHashMap<>())
                        .computeIfAbsent(run.get("adapter").getAsString(), a -> new LinkedHashMap<>())
                        .put(run.get("round").getAsInt(), run.get(figure).getAsDouble());
                loads.computeIfAbsent(test, t -> new ArrayList<>())
                        .add(run.get("load").getAsDouble());
            }
        }
        tests.forEach((test, adapters) -> print(
                test, figure, adapters, sorted(loads.get(test)), List.of(args).subList(2, args.length)));
    }

    private static void print(
            String test,
            String figure,
            Map<String, Map<Integer, Double>> adapters,
            List<Double> loads,
            List<String> others) {
        System.out.printf(
                Locale.ROOT,
                "%n%s, %s; load average %.0f to %.0f%n%n| adapter | median | min | max | rounds |",
                test,
                figure,
                loads.get(0),
                loads.get(loads.size() - 1));
        others.forEach(o -> System.out.print(" x " + o + " |"));
        System.out.println("\n|---|---:|---:|---:|---:|" + "---:|".repeat(others.size()));
        adapters.forEach((adapter, rounds) -> {
            List<Double> values = sorted(rounds.values());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3f | %.3f | %.3f | %d |",
                    adapter,
                    median(values),
                    values.get(0),
                    values.get(values.size() - 1),
                    values.size());
            for (String other : others) {
                List<Double> ratios = new ArrayList<>();
                rounds.forEach((round, value) -> {
                    Double base = adapters.getOrDefault(other, Map.of()).get(round);
                    if (base != null) {
                        ratios.add(value / base);
                    }
                });
                System.out.print(
                        ratios.isEmpty() ? " |" : String.format(Locale.ROOT, " %.3f |", median(sorted(ratios))));
            }
            System.out.println();
        });
    }

    private static List<Double> sorted(Iterable<Double> values) {
        List<Double> all = new ArrayList<>();
        values.forEach(all::add);
        all.sort(null);
        return all;
    }

    private static double median(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
