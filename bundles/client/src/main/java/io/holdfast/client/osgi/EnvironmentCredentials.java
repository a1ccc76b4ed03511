// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.transport.Secret;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Credentials in environment variables, whose names can hold neither dot nor hyphen: after the prefix {@code
 * HEADER_X_API_ID} stands for {@code header.X-API-ID} (names of headers have no case), {@code TRUSTSTORE} for {@code
 * truststore}, and so on.
 */
final class EnvironmentCredentials {
    private static final String HEADER = "HEADER_";

    private EnvironmentCredentials() {}

    static Map<String, Secret> read(String prefix, Map<String, String> environment) {
        Map<String, Secret> credentials = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(prefix) && variable.length() > prefix.length()) {
                credentials.put(key(variable.substring(prefix.length())), Secret.of(value.toCharArray()));
            }
        });
        if (credentials.isEmpty()) {
            throw new IllegalStateException("no environment variable begins with " + prefix);
        }
        return credentials;
    }

    private static String key(String name) {
        return name.startsWith(HEADER)
                ? "header." + name.substring(HEADER.length()).replace('_', '-')
                : name.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
