// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.ClientBeat.Basis;
import io.holdfast.api.heartbeat.Expectation;
import io.holdfast.api.options.Durations;
import io.holdfast.api.options.InvalidOptionException;
import io.holdfast.api.options.OptionValues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the client sends, from the options. Pure. */
final class ClientSide {
    /** Answers to heartbeats are short; a longer message that holds the literals is data. Bytes. */
    private static final int LONGEST_ANSWER = 512;

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    /** A ping carries 125 bytes at most (RFC 6455, 5.5); the engine appends what makes it unique. */
    private static final int LONGEST_PING = 64;

    private static final int LONGEST_TEXT = 4096;
    private static final Pattern QUOTED_ID = Pattern.compile("\"[A-Za-z0-9]*\\$\\{id}\"");

    private final OptionValues values;

    ClientSide(OptionValues values) {
        this.values = values;
    }

    Optional<ClientBeat> beat() {
        return switch (values.text(GenericOptions.KIND)) {
            case "ping" -> Optional.of(ping());
            case "text" -> Optional.of(beat(ClientBeat.Kind.TEXT, text(), answer()));
            case "json" -> Optional.of(json());
            default -> {
                refuse(GenericOptions.TEXT, "is not sent with heartbeat.kind=passive");
                refuse(GenericOptions.ANSWER, "does not go with heartbeat.kind=passive");
                yield Optional.empty();
            }
        };
    }

    private ClientBeat ping() {
        refuse(GenericOptions.ANSWER, "does not go with heartbeat.kind=ping, which is answered by its pong");
        String begin = values.optionalText(GenericOptions.TEXT).orElse("");
        if (begin.getBytes(StandardCharsets.UTF_8).length > LONGEST_PING) {
            throw new InvalidOptionException(
                    GenericOptions.TEXT, "must not be above " + LONGEST_PING + " bytes for a ping frame");
        }
        return beat(ClientBeat.Kind.PING_FRAME, begin, List.of());
    }

    private ClientBeat json() {
        String text = text();
        Matcher id = QUOTED_ID.matcher(text);
        if (!text.startsWith("{") || !text.endsWith("}") || !id.find()) {
            throw new InvalidOptionException(
                    GenericOptions.TEXT,
                    "must be a JSON object with an id, for instance {\"op\":\"ping\",\"id\":\"${id}\"}; without an id use heartbeat.kind=text");
        }
        List<String> answer = answer();
        if (!answer.isEmpty() && answer.stream().noneMatch(literal -> literal.contains("${id}"))) {
            throw new InvalidOptionException(
                    GenericOptions.ANSWER,
                    "must hold ${id} with heartbeat.kind=json; without an id use heartbeat.kind=text");
        }
        return beat(ClientBeat.Kind.TEXT, text, answer.isEmpty() ? List.of(id.group()) : answer);
    }

    private ClientBeat beat(ClientBeat.Kind kind, String payload, List<String> answer) {
        Optional<Expectation> expected = answer.isEmpty()
                ? Optional.empty()
                : Optional.of(new Expectation(answer, List.of(), values.flag(GenericOptions.CONSUME), LONGEST_ANSWER));
        Duration interval = Bounds.positive(values, GenericOptions.INTERVAL);
        return new ClientBeat(
                kind,
                payload,
                interval,
                basis(),
                expected,
                timeout(interval),
                values.integer(GenericOptions.MISSES, 1));
    }

    private String text() {
        String text = values.text(GenericOptions.TEXT);
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw new InvalidOptionException(
                    GenericOptions.TEXT, "must have from 1 to " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    private List<String> answer() {
        Optional<String> answer = values.optionalText(GenericOptions.ANSWER);
        if (answer.isEmpty()) {
            return List.of();
        }
        if (answer.get().contains("${id}") && !values.text(GenericOptions.TEXT).contains("${id}")) {
            throw new InvalidOptionException(
                    GenericOptions.ANSWER, "waits for an ${id} that heartbeat.text does not send");
        }
        return Literals.of(GenericOptions.ANSWER, answer.get());
    }

    private Basis basis() {
        return Basis.valueOf(values.text(GenericOptions.BASIS).replace('-', '_').toUpperCase(Locale.ROOT));
    }

    private Duration timeout(Duration interval) {
        if (!values.has(GenericOptions.TIMEOUT)) {
            return interval.compareTo(USUAL_TIMEOUT) < 0 ? interval : USUAL_TIMEOUT;
        }
        Duration timeout = Bounds.positive(values, GenericOptions.TIMEOUT);
        if (timeout.compareTo(interval) > 0) {
            throw new InvalidOptionException(
                    GenericOptions.TIMEOUT,
                    "must not be above heartbeat.interval (" + Durations.format(interval) + ")");
        }
        return timeout;
    }

    private void refuse(String option, String reason) {
        if (values.optionalText(option).isPresent()) {
            throw new InvalidOptionException(option, reason);
        }
    }
}
