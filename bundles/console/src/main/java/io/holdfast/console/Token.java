// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import io.holdfast.api.options.InvalidOptionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/**
 * What a user must show. Only its hash is kept, so neither a dump of the heap nor any text of ours can show it; comparing
 * takes the same time wherever a guess goes wrong.
 */
final class Token {
    static final int SHORTEST = 16;

    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final byte[] hash;

    private Token(byte[] hash) {
        this.hash = hash;
    }

    boolean is(String shown) {
        return MessageDigest.isEqual(hash, sha256(shown));
    }

    @Override
    public String toString() {
        return "***";
    }

    /** @throws InvalidOptionException naming the option, without the value */
    static Token inEnvironment(String variable, Map<String, String> environment) {
        String value = environment.get(variable);
        if (value == null) {
            throw new InvalidOptionException("env", "the environment has no variable of that name");
        }
        return of("env", value.strip());
    }

    /** @throws InvalidOptionException naming the option, without the value */
    static Token inFile(Path file) {
        try {
            if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new InvalidOptionException("file", "others than its owner have rights to it; use chmod 600");
            }
            return of(
                    "file",
                    Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                            .findFirst()
                            .orElse("")
                            .strip());
        } catch (UnsupportedOperationException e) {
            throw new InvalidOptionException("file", "its file system has no owner-only permissions");
        } catch (IOException e) {
            throw new InvalidOptionException(
                    "file", "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Takes the token in the file, or makes a new one there if there is no file. */
    static Token keptIn(Path file) {
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            String value = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, value + "\n", StandardOpenOption.WRITE);
            } catch (UnsupportedOperationException e) {
                throw new InvalidOptionException(
                        "file", "must be given, or 'env': the bundle's own place has no owner-only permissions");
            } catch (IOException e) {
                throw new InvalidOptionException(
                        "file", "must be given, or 'env': the bundle's own place cannot be written");
            }
        }
        return inFile(file);
    }

    private static Token of(String option, String value) {
        if (value.length() < SHORTEST) {
            throw new InvalidOptionException(option, "the token has less than " + SHORTEST + " characters");
        }
        return new Token(sha256(value));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
