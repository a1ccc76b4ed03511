// SPDX-License-Identifier: Apache-2.0
package io.holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.options.InvalidOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    private static final String SECRET = "cAnArY-0123456789";

    @TempDir
    private Path directory;

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void isReadFromAFileOfItsOwner() throws IOException {
        Token token = Token.inFile(file(SECRET + "\nanother line\n", "rw-------"));
        assertThat(token.is(SECRET)).isTrue();
        assertThat(token.is(SECRET + " ")).isFalse();
        assertThat(token.is("")).isFalse();
        assertThat(token).hasToString("***");
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        Path file = file(SECRET, "rw-r-----");
        assertThatThrownBy(() -> Token.inFile(file))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("'file'")
                .hasMessageContaining("chmod 600")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aShortOneIsRefusedWithoutShowingIt() throws IOException {
        Path file = file("cAnArY\n", "rw-------");
        assertThatThrownBy(() -> Token.inFile(file))
                .hasMessageContaining("less than 16")
                .hasMessageNotContaining("cAnArY");
        assertThatThrownBy(() -> Token.inFile(directory.resolve("none")))
                .hasMessageContaining("'file'")
                .hasMessageContaining("NoSuchFile");
        assertThatThrownBy(() -> Token.inEnvironment("T", Map.of("T", "cAnArY")))
                .hasMessageContaining("'env'")
                .hasMessageNotContaining("cAnArY");
        assertThatThrownBy(() -> Token.inEnvironment("T", Map.of())).hasMessageContaining("'env'");
    }

    @Test
    void aNewOneIsMadeOnceForItsOwnerOnly() throws IOException {
        Path file = directory.resolve("made");
        Token.keptIn(file);
        String made = Files.readString(file).strip();
        assertThat(made).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Token.keptIn(file).is(made)).as("the same after a restart").isTrue();
    }

    @Test
    void optionsThatCannotBeAcceptedAreNamed() {
        assertThatThrownBy(() -> ConsoleOptions.of(Map.of("file", "/a", "env", "B")))
                .hasMessageContaining("'file'");
        assertThatThrownBy(() -> ConsoleOptions.of(Map.of("port", 70_000))).hasMessageContaining("'port'");
        assertThatThrownBy(() -> ConsoleOptions.of(Map.of("token", SECRET)))
                .hasMessageContaining("'token'")
                .hasMessageContaining("looks like a secret")
                .hasMessageNotContaining(SECRET);
        assertThat(ConsoleOptions.of(Map.of()).address().getAddress().isLoopbackAddress())
                .isTrue();
    }
}
