// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim;

import io.holdfast.api.transport.Transport;
import io.holdfast.api.transport.TransportConnection;
import io.holdfast.client.sim.VirtualEnvironment.Pool;

/** What should wait until everything readable was read runs at once. */
final class WithoutReadPass extends Sabotage {
    @Override
    Transport transport(Transport sound, VirtualEnvironment environment) {
        return new BrokenTransport(sound) {
            @Override
            TransportConnection connection(TransportConnection real) {
                return new Calling(real) {
                    @Override
                    public void afterReadPass(Runnable task) {
                        environment.pool(Pool.MAILBOX).execute(task);
                    }
                };
            }
        };
    }
}
