// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.plugin;

import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A listening bundle: hands everything as text to a service of type {@code Consumer}, which is the test. */
@Component(property = {MessageListener.CLIENT + "=deribit", MessageListener.ID + "=sink"})
public final class SinkListener implements MessageListener {

    private final Consumer<String> sink;

    @Activate
    public SinkListener(@Reference(target = "(sink=deribit)") Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void onMessage(Message message) {
        sink.accept(message.text());
    }

    @Override
    public void onContinuity(Continuity event) {
        sink.accept(event.toString());
    }
}
