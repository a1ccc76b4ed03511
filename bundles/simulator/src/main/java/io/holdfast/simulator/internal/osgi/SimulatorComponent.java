// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionValues;
import io.holdfast.simulator.Recording;
import io.holdfast.simulator.Replay;
import io.holdfast.simulator.Simulator;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A simulator from configuration; the running one is the service, with its port as a property. */
@Component(
        service = {},
        configurationPid = SimulatorComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=io.holdfast.simulator.Simulator",
        uses = Simulator.class)
public final class SimulatorComponent {

    static final String PID = "io.holdfast.simulator";

    private final Logger log = LoggerFactory.getLogger(SimulatorComponent.class);
    private final Map<String, Object> startedWith;
    private final Simulator simulator;
    private final ServiceRegistration<Simulator> registration;

    /** @throws InvalidOptionException naming the bad option; nothing listens then */
    @Activate
    public SimulatorComponent(BundleContext context, Map<String, Object> properties) {
        OptionValues values = SimulatorConfiguration.parse(properties);
        startedWith = new TreeMap<>(properties);
        Map<String, List<Path>> recordings = new LinkedHashMap<>();
        SimulatorConfiguration.recordings(values).forEach((path, place) -> recordings.put(path, found(place)));
        simulator = Simulator.start(SimulatorConfiguration.options(values));
        recordings.forEach((path, files) -> play(path, files, values));
        Dictionary<String, Object> service = new Hashtable<>();
        service.put("simulator.port", simulator.port());
        registration = context.registerService(Simulator.class, simulator, service);
        log.info("the simulator listens on 127.0.0.1:{}", simulator.port());
    }

    private void play(String path, List<Path> files, OptionValues values) {
        double speed = SimulatorConfiguration.replaySpeed(values);
        double rate = SimulatorConfiguration.replayRate(values);
        Optional<Recording> recording = SimulatorConfiguration.replayClient(values)
                .map(client -> new Recording(files, client.equals("*") ? "" : client, 0));
        if (recording.isEmpty()) {
            simulator.replay(path, () -> Replay.frames(files), rate);
        } else if (speed > 0) {
            simulator.replay(path, recording.get(), speed);
        } else {
            simulator.replay(path, () -> recording.get().texts(), rate);
        }
    }

    private static List<Path> found(Path place) {
        List<Path> files;
        try {
            files = Replay.files(place);
        } catch (UncheckedIOException e) {
            throw new InvalidOptionException("replay", e.getMessage());
        }
        if (files.isEmpty() || !Files.isReadable(files.get(0))) {
            throw new InvalidOptionException("replay", "no recording in " + place);
        }
        return files;
    }

    /** Never throws: bad options leave those in force. */
    @Modified
    void modified(Map<String, Object> properties) {
        try {
            OptionValues values = SimulatorConfiguration.parse(properties);
            simulator.data().rate(SimulatorConfiguration.rate(values));
            List<String> waiting = new ArrayList<>();
            for (Option option : SimulatorConfiguration.OPTIONS.options()) {
                if (option.effect() != Option.Effect.LIVE
                        && !Objects.deepEquals(startedWith.get(option.name()), properties.get(option.name()))) {
                    waiting.add(option.name());
                }
            }
            if (!waiting.isEmpty()) {
                log.warn("{}: changes of {} wait for a restart of the component", PID, waiting);
            }
        } catch (InvalidOptionException e) {
            log.warn("{}: the options in force stay: {}", PID, e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        simulator.close();
    }
}
