// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.Option.Effect;
import io.holdfast.api.options.OptionSet;
import io.holdfast.api.options.OptionValues;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where to listen and where the token comes from. None of this is secret.
 *
 * @param file holds the token
 * @param environment names the variable that holds the token
 */
record ConsoleOptions(InetSocketAddress address, Optional<Path> file, Optional<String> environment) {
    static final String PID = "io.holdfast.console";

    static final OptionSet OPTIONS = OptionSet.of(
            Option.text(
                    "host",
                    "127.0.0.1",
                    Effect.RESTART,
                    "Address to listen on. Beyond loopback the token crosses the network unencrypted."),
            Option.integer("port", 9475, Effect.RESTART, "Port to listen on; 0: a free one."),
            Option.text(
                    "file",
                    "",
                    Effect.RESTART,
                    "File that holds the token in its first line, readable by its owner only."),
            Option.text(
                    "env", "", Effect.RESTART, "Instead of a file: the environment variable that holds the token."));

    /** @throws InvalidOptionException naming the first option that cannot be accepted */
    static ConsoleOptions of(Map<String, ?> properties) {
        OptionValues values = OPTIONS.parse(properties);
        int port = values.integer("port", 0);
        if (port > 65_535) {
            throw new InvalidOptionException("port", "must be from 0 to 65535");
        }
        Optional<Path> file = values.optionalText("file").map(Path::of);
        Optional<String> environment = values.optionalText("env");
        if (file.isPresent() && environment.isPresent()) {
            throw new InvalidOptionException("file", "only one of 'file' and 'env' can be given");
        }
        try {
            return new ConsoleOptions(
                    new InetSocketAddress(InetAddress.getByName(values.text("host")), port), file, environment);
        } catch (UnknownHostException e) {
            throw new InvalidOptionException("host", "has no address");
        }
    }
}
