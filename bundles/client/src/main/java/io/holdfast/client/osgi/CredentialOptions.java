// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the values of one name come from. None of this is secret.
 *
 * @param file read at each connect; empty for environment variables
 * @param environmentPrefix of the variables; empty for a file
 */
record CredentialOptions(String name, Optional<Path> file, Optional<String> environmentPrefix) {
    static final String PID = "io.holdfast.credentials";

    static final OptionSet OPTIONS = OptionSet.of(
            Option.text(
                    "name",
                    "",
                    Effect.RESTART,
                    "What clients call it in their option 'credentials'; a configuration's default is the part after '~' of its PID."),
            Option.text(
                    "file",
                    "",
                    Effect.RESTART,
                    "File with lines 'key=value', readable by its owner only; read at each connect."),
            Option.text(
                    "env.prefix",
                    "",
                    Effect.RESTART,
                    "Instead of a file: environment variables that begin so, for instance DERIBIT_ with DERIBIT_HEADER_AUTHORIZATION."));

    /** @throws InvalidOptionException naming the first option that cannot be accepted */
    static CredentialOptions of(Map<String, Object> properties) {
        OptionValues values = OPTIONS.parse(Properties.named(properties, "name"));
        String name = values.optionalText("name")
                .orElseThrow(() -> new InvalidOptionException("name", "is required, as the PID has no part after '~'"));
        Optional<Path> file = values.optionalText("file").map(Path::of);
        Optional<String> prefix = values.optionalText("env.prefix");
        if (file.isPresent() == prefix.isPresent()) {
            throw new InvalidOptionException("file", "exactly one of 'file' and 'env.prefix' must be given");
        }
        return new CredentialOptions(name, file, prefix);
    }
}
