// SPDX-License-Identifier: Apache-2.0
package io.holdfast.architecture.baseline;

import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.util.ArrayList;
import java.util.List;

/** Semantic versioning of exported packages: what breaks users needs a new major version. */
final class Comparison {
    private Comparison() {}

    /**
     * @param older what users have
     * @param newer what they would get
     * @return a text for each package that breaks its users without saying so by its version
     */
    static List<String> breaks(Tree older, Tree newer) {
        List<String> broken = new ArrayList<>();
        for (Diff difference : newer.diff(older).getChildren()) {
            if (difference.getType() != Type.PACKAGE) {
                continue;
            }
            if (difference.getDelta() == Delta.REMOVED) {
                broken.add("package " + difference.getName() + " is no longer exported");
            } else if (difference.getDelta() == Delta.MAJOR
                    && major(difference.getOlder()) >= major(difference.getNewer())) {
                List<String> changes = new ArrayList<>();
                collect(difference, "", changes);
                broken.add("package " + difference.getName() + " still has major version "
                        + major(difference.getNewer()) + ", but its users break:\n    "
                        + String.join("\n    ", changes));
            }
        }
        return broken;
    }

    /** The lowest elements that make the difference a major one. */
    private static void collect(Diff difference, String within, List<String> changes) {
        for (Diff child : difference.getChildren()) {
            if (child.getType() == Type.VERSION) {
                continue;
            }
            String name = within.isEmpty() ? child.getName() : within + " " + child.getName();
            if (child.getDelta() == Delta.REMOVED && child.getOlder().ifRemoved() == Delta.MAJOR) {
                changes.add("removed: " + child.getType() + " " + name);
            } else if (child.getDelta() == Delta.ADDED && child.getNewer().ifAdded() == Delta.MAJOR) {
                changes.add("added: " + child.getType() + " " + name);
            } else if (child.getDelta() == Delta.MAJOR) {
                int before = changes.size();
                collect(child, name, changes);
                if (changes.size() == before) {
                    changes.add("changed: " + child.getType() + " " + name);
                }
            }
        }
    }

    private static int major(Tree element) {
        for (Tree child : element.getChildren()) {
            if (child.getType() == Type.VERSION) {
                return Integer.parseInt(child.getName().split("\\.")[0]);
            }
        }
        throw new IllegalArgumentException("package without version: " + element.getName());
    }
}
