// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.demo;

/**
 * One step of the script.
 *
 * @param name told when it fails
 */
record Step(String name, Action action) {

    /** Does something to the clients and finds out what came of it. */
    @FunctionalInterface
    interface Action {

        /** @throws Exception what stands in the way ends the script as failed in this step */
        void play(Stage stage, Findings findings) throws Exception;
    }
}
