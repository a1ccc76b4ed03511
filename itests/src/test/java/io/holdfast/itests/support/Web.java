// SPDX-License-Identifier: Apache-2.0
package io.holdfast.itests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Plain HTTP requests on loopback. */
public final class Web {

    private Web() {}

    /** The body of an answer with status 200 and that content type. */
    public static String get(URI uri, String contentType) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout((int) Services.LIMIT.toMillis());
            connection.setReadTimeout((int) Services.LIMIT.toMillis());
            if (connection.getResponseCode() != 200
                    || !connection.getContentType().startsWith(contentType)) {
                throw new IllegalStateException(
                        uri + " answered " + connection.getResponseCode() + " " + connection.getContentType());
            }
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
