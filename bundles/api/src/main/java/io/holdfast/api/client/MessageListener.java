// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.client;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes a client's messages. In OSGi a service with the property {@code client.id}, and with {@code listener.id} if its
 * place is to be kept over an update of its bundle. All calls for one client come one after another.
 *
 * <p>With queued delivery, the default, the listener may take its time: it has a lane of its own and a bounded queue. With
 * direct delivery it runs on the connection's thread and must not block. What it throws is counted and logged; the next
 * message comes all the same.
 */
@ConsumerType
public interface MessageListener {
    /** Service property: keeps the listener's place for {@code listener.gap.max}. */
    String ID = "listener.id";

    /** Service property: the client whose messages are wanted. */
    String CLIENT = "client.id";

    void onMessage(Message message);

    /** What happened to the stream of messages, in the same lane and order as the messages. */
    default void onContinuity(Continuity continuity) {}
}
