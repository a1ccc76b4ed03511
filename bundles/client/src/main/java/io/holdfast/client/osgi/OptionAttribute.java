// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import java.util.Map;
import org.osgi.service.metatype.AttributeDefinition;

/** One option as Metatype sees it. */
record OptionAttribute(Option option) implements AttributeDefinition {
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
        return option.description()
                + switch (option.effect()) {
                    case LIVE -> " A change is used from the next decision on.";
                    case RECONNECT -> " A change is used by one planned reconnect.";
                    case RESTART -> " A change needs a new client.";
                };
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
