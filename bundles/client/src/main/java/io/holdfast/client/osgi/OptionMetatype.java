// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.client.ClientOptions;
import io.holdfast.api.options.Option;
import io.holdfast.client.endpoint.EndpointGroupOptions;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Describes the options of our factory PIDs to consoles and tools, from the same declarations that read them. */
@Component(
        service = MetaTypeProvider.class,
        property = {
            MetaTypeProvider.METATYPE_FACTORY_PID + "=" + ClientOptions.PID,
            MetaTypeProvider.METATYPE_FACTORY_PID + "=" + EndpointGroupComponent.PID,
            MetaTypeProvider.METATYPE_FACTORY_PID + "=" + CredentialOptions.PID
        })
public final class OptionMetatype implements MetaTypeProvider {
    private static final Map<String, Page> PAGES = Map.of(
            ClientOptions.PID,
            new Page(
                    ClientOptions.PID,
                    "Holdfast client",
                    "One WebSocket connection.",
                    ClientOptions.declared(),
                    Set.of("uri")),
            EndpointGroupComponent.PID,
            new Page(
                    EndpointGroupComponent.PID,
                    "Holdfast endpoint group",
                    "Hosts that share one budget of connect attempts.",
                    EndpointGroupOptions.declared(),
                    Set.of("host.patterns")),
            CredentialOptions.PID,
            new Page(
                    CredentialOptions.PID,
                    "Holdfast credentials",
                    "Where the values behind a name of credentials come from.",
                    CredentialOptions.OPTIONS.options(),
                    Set.of()));

    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        Page page = PAGES.get(id);
        if (page == null) {
            throw new IllegalArgumentException("not described here: " + id);
        }
        return page;
    }

    /** Null as the specification has it: no locales. */
    @Override
    public String[] getLocales() {
        return null;
    }

    private record Page(String id, String name, String description, List<Option> options, Set<String> required)
            implements ObjectClassDefinition {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getID() {
            return id;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public AttributeDefinition[] getAttributeDefinitions(int filter) {
            return options.stream()
                    .filter(o -> (filter & (required.contains(o.name()) ? REQUIRED : OPTIONAL)) != 0)
                    .map(OptionAttribute::new)
                    .toArray(AttributeDefinition[]::new);
        }

        @Override
        public InputStream getIcon(int size) {
            return null;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Page p && p.id.equals(id);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }

        @Override
        public String toString() {
            return id + Arrays.toString(options.stream().map(Option::name).toArray());
        }
    }
}
