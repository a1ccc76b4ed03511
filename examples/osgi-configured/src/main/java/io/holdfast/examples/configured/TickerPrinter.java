// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.configured;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages of the client that {@code OSGI-INF/configurator/client.json} configures. No code opens or closes anything: the
 * client is there as long as its configuration, and the supervisor restarts it within the limits of the group {@code trading}.
 */
@Component(property = {MessageListener.CLIENT + "=example-configured", MessageListener.ID + "=ticker-printer"})
public final class TickerPrinter implements MessageListener {
    private static final int EACH = 100;

    private final Logger logger = LoggerFactory.getLogger(TickerPrinter.class);

    @Override
    public void onMessage(Message message) {
        if (message.sequence() % EACH == 1) {
            logger.info(
                    "Message {} on connection {}: {} bytes",
                    message.sequence(),
                    message.connection(),
                    message.bytes().remaining());
        }
    }

    @Override
    public void onContinuity(Continuity continuity) {
        logger.info("{}", continuity);
    }
}
