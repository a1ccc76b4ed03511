// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Draws one test of {@code results.csv} over its parameter, both axes logarithmic: RESULTS TEST TITLE FILE.svg */
public final class Plot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 150;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final String[] COLOURS = {
        "#444444", "#999999", "#0b6e4f", "#73c2a0", "#d1495b", "#edae49", "#00798c", "#7768ae", "#a05a2c"
    };

    private final StringBuilder svg = new StringBuilder();
    private double[] x;
    private double[] y;

    public static void main(String[] args) throws IOException {
        Map<String, TreeMap<Integer, List<Double>>> series = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] cells = line.split(",");
            if (cells[0].equals(args[1]) && Double.isFinite(Double.parseDouble(cells[4]))) {
                series.computeIfAbsent(cells[2], c -> new TreeMap<>())
                        .computeIfAbsent(Integer.valueOf(cells[1]), p -> new ArrayList<>())
                        .add(Double.valueOf(cells[4]));
            }
        }
        Files.writeString(Path.of(args[3]), new Plot().draw(args[2], series));
    }

    private String draw(String title, Map<String, TreeMap<Integer, List<Double>>> series) {
        x = bounds(series.values().stream()
                .flatMap(s -> s.keySet().stream())
                .mapToDouble(Integer::doubleValue)
                .toArray());
        y = bounds(series.values().stream()
                .flatMap(s -> s.values().stream())
                .mapToDouble(Plot::median)
                .toArray());
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        line(
                "<rect width=\"%d\" height=\"%d\" fill=\"white\"/><text x=\"%d\" y=\"22\" font-size=\"14\">%s</text>",
                WIDTH, HEIGHT, LEFT, title);
        for (double tick = Math.pow(10, Math.floor(Math.log10(y[0]))); tick <= y[1] * 1.001; tick *= 10) {
            for (double step : new double[] {1, 2, 5}) {
                double value = tick * step;
                if (value >= y[0] * 0.999 && value <= y[1] * 1.001) {
                    line(
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                            LEFT, WIDTH - RIGHT, atY(value), atY(value));
                    line(
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                            LEFT - 6, atY(value) + 4, number(value));
                }
            }
        }
        series.values().stream()
                .flatMap(s -> s.keySet().stream())
                .distinct()
                .forEach(p -> line(
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                        atX(p), HEIGHT - BOTTOM + 18, number(p)));
        int i = 0;
        for (var one : series.entrySet()) {
            String colour = COLOURS[i % COLOURS.length];
            StringBuilder points = new StringBuilder();
            one.getValue()
                    .forEach((p, values) ->
                            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", atX(p), atY(median(values)))));
            line(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                    points.toString().trim(), colour);
            line(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>",
                    WIDTH - RIGHT + 15, WIDTH - RIGHT + 35, TOP + 20 * i, TOP + 20 * i, colour);
            line("<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT + 40, TOP + 20 * i + 4, one.getKey());
            i++;
        }
        line("</svg>");
        return svg.toString();
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** The least and the greatest, with a little room. */
    private static double[] bounds(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return new double[] {sorted[0] * 0.9, sorted[sorted.length - 1] * 1.1};
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String number(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }

    private double atX(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(value) - Math.log(x[0])) / (Math.log(x[1]) - Math.log(x[0]));
    }

    private double atY(double value) {
        return HEIGHT
                - BOTTOM
                - (HEIGHT - TOP - BOTTOM) * (Math.log(value) - Math.log(y[0])) / (Math.log(y[1]) - Math.log(y[0]));
    }
}
