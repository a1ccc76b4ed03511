// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Runs something whenever a bundle has just stopped: while it is updated, in the middle of the gap. */
public final class DuringStop implements SynchronousBundleListener, AutoCloseable {

    private final BundleContext context;
    private final String symbolicName;
    private final Runnable action;

    public DuringStop(BundleContext context, String symbolicName, Runnable action) {
        this.context = context;
        this.symbolicName = symbolicName;
        this.action = action;
        context.addBundleListener(this);
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        if (event.getType() == BundleEvent.STOPPED && symbolicName.equals(bundle.getSymbolicName())) {
            action.run();
        }
    }

    @Override
    public void close() {
        context.removeBundleListener(this);
    }
}
