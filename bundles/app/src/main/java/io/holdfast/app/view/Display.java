// SPDX-License-Identifier: Apache-2.0
package io.holdfast.app.view;

/** Something on the screen that goes on by itself until closed. */
@FunctionalInterface
public interface Display extends AutoCloseable {

    /** Ends it; what it wrote stays. Returns when nothing more is written. */
    @Override
    void close();
}
