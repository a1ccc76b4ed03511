// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.client.endpoint.BanStore.Ban;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class FileBanStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(FileBanStore.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    private Path file() {
        return directory.resolve(FileBanStore.FILE);
    }

    private static Ban ban(Duration in, String host) {
        return new Ban(NOW.plus(in), "binance", host, "HTTP 418");
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(e -> e.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Path deep = directory.resolve("not/there/yet");
        List<Ban> bans = List.of(ban(Duration.ofMinutes(2), "a.example"), ban(Duration.ofDays(3), "b.example"));
        BanStore.inDirectory(deep).write(bans);
        assertThat(BanStore.inDirectory(deep).read(NOW)).isEqualTo(bans);
        try (var files = Files.list(deep)) {
            assertThat(files).as("nothing half-written stays").hasSize(1);
        }
        assertThat(warnings()).isEmpty();
    }

    @Test
    void replacesTheFormerList() {
        BanStore store = BanStore.inDirectory(directory);
        store.write(List.of(ban(Duration.ofHours(1), "a.example")));
        store.write(List.of(ban(Duration.ofHours(2), "b.example")));
        assertThat(store.read(NOW)).containsExactly(ban(Duration.ofHours(2), "b.example"));
        store.write(List.of());
        assertThat(store.read(NOW)).isEmpty();
        assertThat(file()).exists();
    }

    @Test
    void ignoresWhatHasEndedAndWhatIsTooFarAhead() {
        BanStore store = BanStore.inDirectory(directory);
        store.write(List.of(
                ban(Duration.ZERO, "a"),
                ban(Duration.ofSeconds(-1), "b"),
                ban(Duration.ofDays(3).plusNanos(1), "c"),
                ban(Duration.ofNanos(1), "d")));
        assertThat(store.read(NOW)).extracting(Ban::host).containsExactly("d");
    }

    @Test
    void withoutAFileThereIsNoBan() {
        assertThat(BanStore.inDirectory(directory).read(NOW)).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "2026-11-22T11:00:00Z\tx\ty",
                "tomorrow\tx\ty\tz",
                "\n",
                "2026-11-22T11:00:00Z\tx\ty\tz\nrest"
            })
    void reportsAFileItCannotUnderstandAndTakesItAsEmpty(String content) throws IOException {
        Files.writeString(file(), content);
        BanStore store = BanStore.inDirectory(directory);
        assertThat(store.read(NOW)).isEmpty();
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(file().toString(), "line ")
                .doesNotContain("garbage", "tomorrow");
        store.write(List.of(ban(Duration.ofHours(1), "a")));
        assertThat(store.read(NOW)).as("and can be replaced").hasSize(1);
    }

    @Test
    void reportsWhatIsNoTextNoFileOrTooLarge() throws IOException {
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(BanStore.inDirectory(directory).read(NOW)).isEmpty();
        Files.write(file(), "x".repeat(2 * 1024 * 1024).getBytes(StandardCharsets.US_ASCII));
        assertThat(BanStore.inDirectory(directory).read(NOW)).isEmpty();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(BanStore.inDirectory(directory).read(NOW)).isEmpty();
        assertThat(warnings()).hasSize(3).allMatch(w -> w.contains("taken as empty"));
    }

    @Test
    void reportsThatItCannotWrite() throws IOException {
        Path blocked = Files.writeString(directory.resolve("blocked"), "a file, no directory");
        BanStore.inDirectory(blocked).write(List.of(ban(Duration.ofHours(1), "a")));
        assertThat(warnings()).singleElement().asString().contains("cannot be written");
    }

    @Test
    void aBanIsOneHarmlessLine() {
        Ban ban = new Ban(NOW.plusSeconds(60), "a\tb", "host\n", "\u001b[31mred\u2028" + "x".repeat(1000));
        BanStore store = BanStore.inDirectory(directory);
        store.write(List.of(ban));
        assertThat(store.read(NOW)).containsExactly(ban);
        assertThat(ban.group()).isEqualTo("a b");
        assertThat(ban.cause()).startsWith(" [31mred x").hasSize(259);
    }
}
