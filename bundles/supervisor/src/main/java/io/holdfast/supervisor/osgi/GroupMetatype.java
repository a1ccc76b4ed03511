// SPDX-License-Identifier: Apache-2.0
package io.holdfast.supervisor.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import io.holdfast.supervisor.group.GroupOptions;
import java.io.InputStream;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeProvider;
import org.osgi.service.metatype.ObjectClassDefinition;

/** Describes the options of groups to consoles and tools, from the same declarations that read them. */
@Component(service = MetaTypeProvider.class, property = MetaTypeProvider.METATYPE_FACTORY_PID + "=" + GroupOptions.PID)
public final class GroupMetatype implements MetaTypeProvider {
    @Override
    public ObjectClassDefinition getObjectClassDefinition(String id, String locale) {
        if (!id.equals(GroupOptions.PID)) {
            throw new IllegalArgumentException("not described here: " + id);
        }
        return new Page();
    }

    /** Null as the specification has it: no locales. */
    @Override
    public String[] getLocales() {
        return null;
    }

    private record Page() implements ObjectClassDefinition {
        @Override
        public String getName() {
            return "Holdfast supervisor group";
        }

        @Override
        public String getID() {
            return GroupOptions.PID;
        }

        @Override
        public String getDescription() {
            return "Which children are restarted when, and what ends when there were too many restarts.";
        }

        @Override
        public AttributeDefinition[] getAttributeDefinitions(int filter) {
            boolean optional = (filter & OPTIONAL) != 0;
            return optional
                    ? GroupOptions.declared().stream().map(Attribute::new).toArray(AttributeDefinition[]::new)
                    : new AttributeDefinition[0];
        }

        @Override
        public InputStream getIcon(int size) {
            return null;
        }
    }

    private record Attribute(Option option) implements AttributeDefinition {
        @Override
        public String getName() {
            return option.name();
        }

        @Override
        public String getID() {
            return option.name();
        }

        @Override
        public String getDescription() {
            String when = option.effect() == Option.Effect.LIVE
                    ? " A change is used from the next decision on."
                    : " A change makes another group.";
            return option.description() + when;
        }

        @Override
        public int getCardinality() {
            return option.type() == Option.Type.TEXTS ? Integer.MAX_VALUE : 0;
        }

        @Override
        public int getType() {
            return switch (option.type()) {
                case TEXT, TEXTS, DURATION, URI -> STRING;
                case INTEGER -> INTEGER;
                case DECIMAL -> DOUBLE;
                case BOOLEAN -> BOOLEAN;
            };
        }

        /** Null as the specification has it: any value. */
        @Override
        public String[] getOptionValues() {
            return option.choices().isEmpty() ? null : option.choices().toArray(String[]::new);
        }

        @Override
        public String[] getOptionLabels() {
            return getOptionValues();
        }

        /** @return empty if the value can be accepted, else why not */
        @Override
        public String validate(String value) {
            try {
                OptionSet.of(option).parse(Map.of(option.name(), value));
                return "";
            } catch (InvalidOptionException e) {
                return e.getMessage();
            }
        }

        /** Null as the specification has it: none. */
        @Override
        public String[] getDefaultValue() {
            return option.defaultText().isEmpty() ? null : new String[] {option.defaultText()};
        }
    }
}
