// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder.osgi;

import io.holdfast.api.client.FrameObserver;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.recorder.Recorder;
import io.holdfast.recorder.RecorderOptions;
import java.io.UncheckedIOException;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recorder by configuration; without one nothing is recorded. Its service is registered by hand: as a component's service it
 * would show the configuration as its properties.
 */
@Component(
        service = {},
        configurationPid = RecorderComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true)
public final class RecorderComponent {
    static final String PID = "io.holdfast.recorder";

    private final Logger logger = LoggerFactory.getLogger(RecorderComponent.class);
    private final BundleContext context;
    private final RecorderOptions options;
    private volatile Recorder recorder;
    private volatile ServiceRegistration<?> registration;

    /** @throws InvalidOptionException which SCR shows as the reason of the failed activation */
    @Activate
    public RecorderComponent(BundleContext context, Map<String, Object> properties) {
        this.context = context;
        this.options = RecorderOptions.of(properties);
    }

    /** Opens the files. Not in the constructor: an instance that the component runtime drops before this must hold nothing. */
    @Activate
    public void activate() {
        try {
            recorder = Recorder.start(options);
        } catch (UncheckedIOException e) {
            throw new InvalidOptionException("directory", e.getMessage());
        }
        registration = context.registerService(
                new String[] {FrameObserver.class.getName(), Recorder.class.getName()}, recorder, null);
        logger.info(
                "Frames of {} are recorded in {}",
                options.clients().isEmpty() ? "all clients" : options.clients(),
                options.directory());
    }

    @Deactivate
    public void deactivate() {
        registration.unregister();
        recorder.close();
    }
}
