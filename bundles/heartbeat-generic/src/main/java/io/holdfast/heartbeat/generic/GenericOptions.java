// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.generic;

import static io.holdfast.api.options.Option.Effect.LIVE;

import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import java.time.Duration;
import java.util.List;

/** The declarations, in the order of the README. */
final class GenericOptions {
    static final String KIND = "heartbeat.kind";
    static final String INTERVAL = "heartbeat.interval";
    static final String BASIS = "heartbeat.basis";
    static final String TEXT = "heartbeat.text";
    static final String ANSWER = "heartbeat.answer";
    static final String TIMEOUT = "heartbeat.timeout";
    static final String MISSES = "heartbeat.misses";
    static final String ALIVE = "heartbeat.alive";
    static final String SILENCE = "heartbeat.silence";
    static final String SERVER_PING = "heartbeat.server.ping";
    static final String SERVER_REPLY = "heartbeat.server.reply";
    static final String SERVER_WITHIN = "heartbeat.server.within";
    static final String GREETING = "heartbeat.greeting";
    static final String GREETING_LIMIT = "heartbeat.greeting.limit";
    static final String NOTICE = "heartbeat.notice";
    static final String NOTICE_LEAD = "heartbeat.notice.lead";
    static final String CONSUME = "heartbeat.consume";

    static final OptionSet ALL = OptionSet.of(
            Option.choice(
                    KIND,
                    "ping",
                    LIVE,
                    List.of("ping", "text", "json", "passive"),
                    "What the client sends: ping frames, a literal text, a JSON request with an id, or nothing."),
            Option.duration(
                    INTERVAL,
                    Duration.ofSeconds(30),
                    LIVE,
                    "Time between two beats, or the quiet time of heartbeat.basis."),
            Option.choice(
                    BASIS,
                    "every",
                    LIVE,
                    List.of("every", "quiet-inbound", "quiet-outbound"),
                    "When a beat is due: each interval, or only when nothing came, or nothing was sent, for an interval."),
            Option.text(
                    TEXT,
                    "",
                    LIVE,
                    "The text sent; ${id} stands for a new id each time. For ping the beginning of the payload, at most 64 bytes."),
            Option.text(
                    ANSWER,
                    "",
                    LIVE,
                    "Literals that all stand in the answer, separated by ' && '; ${id} is the id sent. For json the default is the id."),
            duration(
                    TIMEOUT,
                    "Time for the answer, not above the interval; default: 10s, or the interval if that is shorter."),
            Option.integer(MISSES, 1, LIVE, "Answers missing in a row at which the connection is dead."),
            Option.choice(
                    ALIVE,
                    "any-frame",
                    LIVE,
                    List.of("any-frame", "data", "beats"),
                    "What counts against heartbeat.silence: any frame, any message, or only heartbeats."),
            Option.duration(
                    SILENCE,
                    Duration.ZERO,
                    LIVE,
                    "Dead when nothing of heartbeat.alive came for this long; 0s: no limit."),
            Option.text(
                    SERVER_PING,
                    "",
                    LIVE,
                    "Literals, separated by ' && ', that all stand in a heartbeat message of the server (at most 512 bytes)."),
            Option.text(SERVER_REPLY, "", LIVE, "Text sent at once for each of them; empty: no reply."),
            Option.duration(
                    SERVER_WITHIN,
                    Duration.ZERO,
                    LIVE,
                    "Dead when neither such a message nor a ping frame of the server came for this long; 0s: no limit."),
            Option.text(
                    GREETING,
                    "",
                    LIVE,
                    "Literals, separated by ' && ', of a message (at most 512 bytes) that the server sends by itself on every connection; nothing is sent before it came."),
            Option.duration(
                    GREETING_LIMIT,
                    Duration.ofSeconds(10),
                    LIVE,
                    "Time for the greeting; then the connection is replaced."),
            Option.text(
                    NOTICE,
                    "",
                    LIVE,
                    "Literals, separated by ' && ', of a message (at most 512 bytes) by which the server says that it will close: an orderly reconnect follows."),
            Option.duration(
                    NOTICE_LEAD,
                    Duration.ZERO,
                    LIVE,
                    "How long the server goes on after the notice; 0s: not promised."),
            Option.flag(
                    CONSUME,
                    true,
                    LIVE,
                    "Whether answers, greetings and the server's heartbeat messages are kept from the listeners. Notices never are."));

    private GenericOptions() {}

    private static Option duration(String name, String description) {
        return new Option(name, Option.Type.DURATION, "", LIVE, List.of(), description);
    }
}
