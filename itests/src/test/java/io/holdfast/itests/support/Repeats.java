// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

/** How often a test repeats something: a default that keeps the build short, any number by system property. */
public final class Repeats {

    private Repeats() {}

    /** The system property {@code holdfast.itests.<name>}, or the default. */
    public static int of(String name, int standard) {
        return Integer.getInteger("holdfast.itests." + name, standard);
    }
}
