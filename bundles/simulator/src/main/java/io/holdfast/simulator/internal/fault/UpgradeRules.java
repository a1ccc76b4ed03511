// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.fault;

import io.holdfast.simulator.Upgrade;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How connection attempts are treated: planned single ones first, then what stands. Loop thread only. */
public final class UpgradeRules {

    private static final class Planned {
        private final String path;
        private final Upgrade upgrade;
        private int left;

        private Planned(String path, int left, Upgrade upgrade) {
            this.path = path;
            this.left = left;
            this.upgrade = upgrade;
        }
    }

    private static final int MAX = 10_000;

    private final Routes routes;
    private final List<Planned> planned = new ArrayList<>();
    private final Map<String, Upgrade> standing = new LinkedHashMap<>();

    public UpgradeRules(Routes routes) {
        this.routes = routes;
    }

    void plan(String path, int attempts, Upgrade upgrade) {
        if (attempts < 1 || planned.size() == MAX) {
            throw new IllegalArgumentException("attempts must be positive and plans at most " + MAX + ": " + attempts);
        }
        planned.add(new Planned(path, attempts, upgrade));
    }

    void stand(String path, Upgrade upgrade) {
        if (upgrade.equals(Upgrade.accept())) {
            standing.remove(path);
        } else {
            standing.put(path, upgrade);
        }
    }

    /** For an attempt whose path is not known yet: only what ends it without reading. Null to go on. */
    public Upgrade atAccept() {
        for (Planned plan : planned) {
            if (plan.path.isEmpty()) {
                return plan.upgrade.atAccept() ? use(plan) : null;
            }
        }
        Upgrade always = standing.get("");
        return always != null && always.atAccept() ? always : null;
    }

    public Upgrade forPath(String path) {
        for (Planned plan : planned) {
            if (plan.path.isEmpty() || routes.under(plan.path, path)) {
                return use(plan);
            }
        }
        return standing.entrySet().stream()
                .filter(e -> e.getKey().isEmpty() || routes.under(e.getKey(), path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Upgrade.accept());
    }

    private Upgrade use(Planned plan) {
        if (--plan.left == 0) {
            planned.remove(plan);
        }
        return plan.upgrade;
    }
}
