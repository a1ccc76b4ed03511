// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

import io.holdfast.app.view.Columns;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps in their order, as a timeline, and what they came to. Ends with the first step that fails. */
final class Script {

    /** What must fail without a part of Holdfast comes early. */
    private static final List<Step> STEPS = List.of(
            new Step("steady", ConnectionSteps::steady),
            new Step("half-open", ConnectionSteps::halfOpen),
            new Step("over the intensity, given up, reset", SupervisionSteps::overIntensity),
            new Step("TCP reset", ConnectionSteps::reset),
            new Step("server closes", ConnectionSteps::serverCloses),
            new Step("heartbeats withheld", ConnectionSteps::heartbeatsWithheld),
            new Step("peer stops reading", ConnectionSteps::peerStopsReading),
            new Step("accepted, then closed", ConnectionSteps::acceptedThenClosed),
            new Step("endpoint refused for 20 s", ConnectionSteps::refused),
            new Step("listener throws, listener blocks", ListenerSteps::throwAndBlock),
            new Step("heartbeat plugin updated", BundleSteps::pluginUpdated),
            new Step("heartbeat plugin gone for ten deadlines", BundleSteps::pluginGone),
            new Step("supervisor updated", SupervisionSteps::updated));

    private final Stage stage;
    private final PrintStream out;
    private final long begin = System.nanoTime();
    private final List<List<String>> summary = new ArrayList<>();
    private String failed = "";

    Script(Stage stage, PrintStream out) {
        this.stage = stage;
        this.out = out;
    }

    /** @return whether every bound of every step held */
    boolean play() throws InterruptedException {
        out.printf(
                Locale.ROOT,
                "Bounds are computed from the configuration; each exchange with a server may take %s for scheduling.%n",
                Findings.seconds(stage.allowance()));
        summary.add(row(
                "step",
                "took",
                List.of("closest to its bound", "missing", "lost", "doubled", "sockets closed"),
                "result"));
        boolean held = true;
        for (int i = 0; i < STEPS.size(); i++) {
            Step step = STEPS.get(i);
            if (!held) {
                summary.add(row(label(i), "-", List.of("-", "-", "-", "-", "-"), "not played"));
                continue;
            }
            held = play(i, step);
        }
        out.println();
        Columns.aligned(summary).forEach(out::println);
        out.println();
        out.println(held ? "holdfast: every bound held" : "holdfast: failed in step " + failed);
        return held;
    }

    private static String label(int i) {
        return (i + 1) + " " + STEPS.get(i).name();
    }

    private boolean play(int i, Step step) throws InterruptedException {
        Findings findings = new Findings();
        String obstacle = "";
        if (!stage.settle()) {
            obstacle = "the clients did not become ready";
        }
        long from = System.nanoTime();
        out.printf(Locale.ROOT, "%n[%6.1f s] %s%n", (from - begin) / 1e9, label(i));
        if (obstacle.isEmpty()) {
            obstacle = act(step, findings);
        }
        List<List<String>> lines = new ArrayList<>();
        findings.checks()
                .forEach(c -> lines.add(
                        List.of("           " + c.what(), c.measured(), c.wanted(), c.held() ? "ok" : "FAILED")));
        Columns.aligned(lines).forEach(out::println);
        boolean held = obstacle.isEmpty() && findings.held();
        if (!obstacle.isEmpty()) {
            out.println("           " + obstacle);
        }
        if (!held) {
            failed = label(i);
        }
        summary.add(row(
                label(i),
                Findings.seconds(Duration.ofNanos(System.nanoTime() - from)),
                findings.summary(),
                held ? "ok" : "FAILED"));
        return held;
    }

    private static List<String> row(String first, String second, List<String> middle, String last) {
        List<String> row = new ArrayList<>(List.of(first, second));
        row.addAll(middle);
        row.add(last);
        return row;
    }

    /** @return what stood in the way, empty if nothing did */
    private String act(Step step, Findings findings) throws InterruptedException {
        Books books = Books.open(stage);
        try {
            step.action().play(stage, findings);
            books.balance(findings);
            return "";
        } catch (InterruptedException | Stage.StoppedException e) {
            throw e;
        } catch (Exception e) {
            return "not carried out: " + e;
        }
    }
}
