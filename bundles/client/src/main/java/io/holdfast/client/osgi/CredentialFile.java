// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import io.holdfast.api.transport.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of credentials: UTF-8, lines {@code key=value}, empty lines and lines that begin with {@code #} are skipped, a value
 * goes from the first {@code =} to the end of its line. Refused when anybody but its owner may do anything with it, and where
 * the file system cannot tell. Values never become strings.
 */
final class CredentialFile {
    private static final int LARGEST = 64 * 1024;

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private CredentialFile() {}

    /**
     * @param name for the log: the reason is logged here, as callers show no text of credential sources
     * @throws IllegalStateException if the file is refused or cannot be read
     */
    static Map<String, Secret> read(String name, Path file) {
        try {
            return parse(checked(file));
        } catch (IOException | UnsupportedOperationException | IllegalStateException e) {
            Logger logger = LoggerFactory.getLogger(CredentialFile.class);
            String why = e instanceof UnsupportedOperationException
                    ? "its file system has no owner-only permissions"
                    : e.toString();
            logger.warn("Credentials '{}': file {} is refused: {}", name, file, why);
            throw new IllegalStateException("file refused");
        }
    }

    private static byte[] checked(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(permissions)) {
            throw new IllegalStateException("others than its owner have rights to it; use chmod 600");
        }
        if (Files.size(file) > LARGEST) {
            throw new IOException("larger than " + LARGEST + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static Map<String, Secret> parse(byte[] bytes) throws CharacterCodingException {
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        try {
            return lines(text.array(), text.limit());
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(text.array(), '\0');
        }
    }

    private static Map<String, Secret> lines(char[] text, int length) {
        Map<String, Secret> credentials = new HashMap<>();
        int number = 0;
        for (int from = 0; from < length; ) {
            int to = from;
            while (to < length && text[to] != '\n') {
                to++;
            }
            line(text, from, to > from && text[to - 1] == '\r' ? to - 1 : to, ++number, credentials);
            from = to + 1;
        }
        return credentials;
    }

    private static void line(char[] text, int from, int to, int number, Map<String, Secret> credentials) {
        int start = from;
        while (start < to && Character.isWhitespace(text[start])) {
            start++;
        }
        if (start == to || text[start] == '#') {
            return;
        }
        int equals = start;
        while (equals < to && text[equals] != '=') {
            equals++;
        }
        if (equals == to || equals == start) {
            throw new IllegalStateException("line " + number + " is not key=value");
        }
        char[] value = Arrays.copyOfRange(text, equals + 1, to);
        credentials.put(new String(text, start, equals - start).trim(), Secret.of(value));
        Arrays.fill(value, '\0');
    }
}
