package io.holdfast.client.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import io.holdfast.client.endpoint.EndpointGroups;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One factory configuration {@value #PID} is one endpoint group; its id is the part of the PID after the tilde. */
@Component(configurationPid = EndpointGroupComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class EndpointGroupComponent {
  static final String PID = "io.holdfast.endpoints";

  private final Logger log = LoggerFactory.getLogger(EndpointGroupComponent.class);
  private final EndpointGroups groups;
  private final String groupId;

  /** @throws IllegalArgumentException if the configuration is no factory configuration */
  @Activate
  public EndpointGroupComponent(@Reference ClientRuntime runtime, Map<String, Object> properties) {
    this(runtime.endpoints(), properties);
  }

  EndpointGroupComponent(EndpointGroups groups, Map<String, Object> properties) {
    this.groups = groups;
    this.groupId =
        Properties.name(properties.get("service.pid"))
            .orElseThrow(() -> new IllegalArgumentException("an endpoint group is a factory configuration, " + PID + "~<group>"));
  }

  /** @throws InvalidOptionException naming the option: there is no such group then */
  @Activate
  void activate(Map<String, Object> properties) {
    configure(EndpointGroupOptions.of(properties));
  }

  /** Never throws: that would take away the group instead of the mistake. */
  @Modified
  void modified(Map<String, Object> properties) {
    try {
      configure(EndpointGroupOptions.of(properties));
    } catch (InvalidOptionException e) {
      log.warn("Endpoint group {} keeps the options in force: {}", groupId, e.getMessage());
    }
  }

  @Deactivate
  void deactivate() {
    groups.remove(groupId);
    log.info("Endpoint group {} is no longer configured", groupId);
  }

  private void configure(EndpointGroupOptions options) {
    groups.configure(groupId, options);
    log.info("Endpoint group {} is configured: {}", groupId, options);
  }
}
