// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.options.OptionSet;
import io.holdfast.heartbeat.deribit.DeribitHeartbeat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Component;

/** A plugin of the right type with the best ranking that is of no use; its bundle's header says in which way. */
@Component(property = {HeartbeatFactory.TYPE + "=deribit", "service.ranking:Integer=10"})
public final class FaultyHeartbeat implements HeartbeatFactory {

    /** Known to this bundle only: whoever keeps one keeps the bundle. */
    public static final class OwnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Of the bundle too. */
        private final transient Object plugin;

        OwnException(Object plugin) {
            super("on purpose, by a class of its own", new IllegalStateException("and with a cause"));
            this.plugin = plugin;
        }

        @Override
        public String toString() {
            return super.toString() + " by " + plugin.getClass().getSimpleName();
        }
    }

    private final String fault =
            FrameworkUtil.getBundle(FaultyHeartbeat.class).getHeaders().get("X-Fault");

    @Override
    public String type() {
        return "deribit";
    }

    @Override
    public OptionSet options() {
        return new DeribitHeartbeat().options();
    }

    @Override
    public Heartbeat open(HeartbeatContext context) {
        switch (fault) {
            case "throws" -> throw new IllegalStateException("on purpose");
            case "own" -> throw new OwnException(this);
            case "error" -> throw new NoClassDefFoundError("on purpose");
            default -> {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                throw new IllegalStateException("ten seconds later");
            }
        }
    }
}
