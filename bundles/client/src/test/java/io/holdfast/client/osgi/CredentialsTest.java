// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.transport.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private static final String CANARY = "canary=Zürich #1";

    @TempDir
    private Path directory;

    private Path file(String permissions, String text) throws IOException {
        Path file = directory.resolve("credentials");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static Secret secret(String value) {
        return Secret.of(value.toCharArray());
    }

    @Test
    void readsLinesOfAnOwnersFile() throws IOException {
        Path file = file("rw-------", "# keys\r\n\r\nheader.Authorization=" + CANARY + "\r\n  truststore=abc\nempty=");
        assertThat(CredentialFile.read("main", file))
                .isEqualTo(Map.of(
                        "header.Authorization", secret(CANARY), "truststore", secret("abc"), "empty", Secret.NONE));
    }

    @Test
    void refusesAFileThatOthersMayRead() throws IOException {
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            Path file = file(permissions, "a=" + CANARY);
            assertThatThrownBy(() -> CredentialFile.read("main", file)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void faultsNeverShowAValue() throws IOException {
        Path file = file("rw-------", "a=1\n" + CANARY.replace('=', '-'));
        assertThatThrownBy(() -> CredentialFile.read("main", file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> CredentialFile.read("main", directory.resolve("missing")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsEnvironmentVariablesWithAPrefix() {
        Map<String, String> environment = Map.of(
                "DERIBIT_HEADER_X_API_ID",
                CANARY,
                "DERIBIT_TRUSTSTORE",
                "abc",
                "OTHER_HEADER_X",
                "no",
                "DERIBIT_",
                "no");
        assertThat(EnvironmentCredentials.read("DERIBIT_", environment))
                .isEqualTo(Map.of("header.X-API-ID", secret(CANARY), "truststore", secret("abc")));
        assertThatThrownBy(() -> EnvironmentCredentials.read("BINANCE_", environment))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("BINANCE_");
    }

    @Test
    void theNameIsThatOfTheConfiguration() {
        CredentialOptions options =
                CredentialOptions.of(Map.of("service.pid", "io.holdfast.credentials~main", "env.prefix", "X_"));
        assertThat(options.name()).isEqualTo("main");
        assertThat(options.environmentPrefix()).contains("X_");
    }

    @Test
    void refusesAConfigurationThatHoldsASecretOrIsNotClear() {
        assertThatThrownBy(() -> CredentialOptions.of(Map.of("name", "main", "password", CANARY)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining(CANARY);
        assertThatThrownBy(() -> CredentialOptions.of(Map.of("name", "main", "file", "/x", "env.prefix", "X_")))
                .hasMessageContaining("exactly one");
        assertThatThrownBy(() -> CredentialOptions.of(Map.of("name", "main"))).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> CredentialOptions.of(Map.of("env.prefix", "X_")))
                .hasMessageContaining("'name'");
    }
}
