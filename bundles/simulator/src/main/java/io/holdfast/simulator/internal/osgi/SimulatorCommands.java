// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.osgi;

import io.holdfast.api.options.Durations;
import io.holdfast.simulator.AcceptRecord;
import io.holdfast.simulator.Fault;
import io.holdfast.simulator.Faults;
import io.holdfast.simulator.Simulator;
import io.holdfast.simulator.Upgrade;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The commands of scope {@code simulator}. Each gives a text or throws what is wrong. A target is a path prefix or the
 * number of a connection; without one everything is meant.
 */
@Component(
        service = SimulatorCommands.class,
        property = {
            "osgi.command.scope=simulator",
            "osgi.command.function=status",
            "osgi.command.function=accepts",
            "osgi.command.function=reset",
            "osgi.command.function=close",
            "osgi.command.function=fin",
            "osgi.command.function=halfopen",
            "osgi.command.function=reading",
            "osgi.command.function=cut",
            "osgi.command.function=malformed",
            "osgi.command.function=oversized",
            "osgi.command.function=flood",
            "osgi.command.function=shutdown",
            "osgi.command.function=testrequest",
            "osgi.command.function=tooslow",
            "osgi.command.function=gap",
            "osgi.command.function=duplicate",
            "osgi.command.function=maintenance",
            "osgi.command.function=withhold",
            "osgi.command.function=silence",
            "osgi.command.function=clear",
            "osgi.command.function=refuse",
            "osgi.command.function=accept",
            "osgi.command.function=upgrades",
            "osgi.command.function=limit",
            "osgi.command.function=rate"
        })
public final class SimulatorCommands {

    private static final int LINES = 20;

    private final Simulator simulator;

    @Activate
    public SimulatorCommands(@Reference Simulator simulator) {
        this.simulator = simulator;
    }

    @Descriptor("port, open connections, test_requests and channels")
    public String status() {
        String connections = simulator.open().stream()
                .map(s -> "\n  " + s.number() + "  " + s.request().path())
                .collect(Collectors.joining());
        String channels = simulator.data().channels().stream()
                .map(c -> "\n  " + c + "  last " + simulator.data().last(c) + ", subscribers "
                        + simulator.data().subscribers(c))
                .collect(Collectors.joining());
        return "port " + simulator.port() + ", accepted " + simulator.accepts() + "\nopen:" + connections
                + "\ntest_requests: "
                + simulator.deribit().testRequestsAnswered() + " answered of "
                + simulator.deribit().testRequestsSent() + "\nchannels:"
                + channels;
    }

    @Descriptor("the last lines of the accept log: accepts")
    public String accepts() {
        List<AcceptRecord> log = simulator.acceptLog();
        return log.stream()
                .skip(Math.max(0, log.size() - LINES))
                .map(r -> r.number() + "  " + r.acceptedAt() + "  " + r.path() + "  " + r.upgrade() + "  " + r.end()
                        + (r.endDetail().isEmpty() ? "" : " (" + r.endDetail() + ")"))
                .collect(Collectors.joining("\n"));
    }

    // -- strikes -----------------------------------------------------------------------------------------------------

    @Descriptor("reset TCP: reset [target]")
    public String reset(String... target) {
        return said(on(target).reset());
    }

    @Descriptor("send a close frame: close CODE REASON [target]")
    public String close(int code, String reason, String... target) {
        return said(on(target).close(code, reason));
    }

    @Descriptor("end TCP without a close frame: fin [target]")
    public String fin(String... target) {
        return said(on(target).fin());
    }

    @Descriptor("swallow everything, send nothing: halfopen [target]")
    public String halfopen(String... target) {
        return said(on(target).halfOpen());
    }

    @Descriptor("stop or go on reading: reading off|on [target]")
    public String reading(String state, String... target) {
        return said(
                switch (state) {
                    case "off" -> on(target).stopReading();
                    case "on" -> on(target).resumeReading();
                    default -> throw new IllegalArgumentException("reading off|on [target]");
                });
    }

    @Descriptor("end in mid-frame: cut [target]")
    public String cut(String... target) {
        return said(on(target).cutInFrame());
    }

    @Descriptor("send a bad frame: malformed opcode|utf8|masked [target]")
    public String malformed(String what, String... target) {
        return said(
                switch (what) {
                    case "opcode" -> on(target).reservedOpcode();
                    case "utf8" -> on(target).invalidUtf8();
                    case "masked" -> on(target).maskedFrame();
                    default -> throw new IllegalArgumentException("malformed opcode|utf8|masked [target]");
                });
    }

    @Descriptor("send one large message: oversized BYTES [target]")
    public String oversized(long bytes, String... target) {
        return said(on(target).oversized(bytes));
    }

    @Descriptor("send many messages: flood MESSAGES BYTES [target]")
    public String flood(int messages, int bytes, String... target) {
        return said(on(target).flood(messages, bytes));
    }

    @Descriptor("send Binance's serverShutdown notice: shutdown [target]")
    public String shutdown(String... target) {
        return said(on(target).serverShutdown());
    }

    @Descriptor("send a Deribit test_request: testrequest [target]")
    public String testrequest(String... target) {
        return said(on(target).testRequest());
    }

    @Descriptor("call the client too slow and end: tooslow [target]")
    public String tooslow(String... target) {
        return said(on(target).tooSlow());
    }

    @Descriptor("lose the next messages of a channel: gap CHANNEL MESSAGES [target]")
    public String gap(String channel, int messages, String... target) {
        return said(on(target).gap(channel, messages));
    }

    @Descriptor("send the next message of a channel twice: duplicate CHANNEL [target]")
    public String duplicate(String channel, String... target) {
        return said(on(target).duplicate(channel));
    }

    // -- in force until cleared --------------------------------------------------------------------------------------

    @Descriptor("until cleared: withhold heartbeats|testrequests|pongs|answers [target]")
    public String withhold(String what, String... target) {
        return said(
                switch (what) {
                    case "heartbeats" -> on(target).withholdHeartbeats();
                    case "testrequests" -> on(target).withholdTestRequests();
                    case "pongs" -> on(target).withholdPongs();
                    case "answers" -> on(target).withholdAnswers();
                    default ->
                        throw new IllegalArgumentException("withhold heartbeats|testrequests|pongs|answers [target]");
                });
    }

    @Descriptor("until cleared: silence CHANNEL [target]")
    public String silence(String channel, String... target) {
        return said(on(target).silence(channel));
    }

    @Descriptor("end lasting faults: clear [target]")
    public String clear(String... target) {
        return said(on(target).clear());
    }

    // -- attempts ----------------------------------------------------------------------------------------------------

    @Descriptor("close the listening socket: refuse [TIME]")
    public String refuse(String... time) {
        return said(
                time.length == 0
                        ? simulator.faults().refuse()
                        : simulator.faults().refuseFor(Durations.parse(time[0])));
    }

    @Descriptor("Deribit goes into maintenance: maintenance TIME [path]")
    public String maintenance(String time, String... path) {
        return said(on(path).maintenance(Durations.parse(time)));
    }

    @Descriptor("listen again")
    public String accept() {
        return said(simulator.faults().accept());
    }

    @Descriptor(
            "treat the next attempts: upgrades COUNT ok|STATUS|silent|half|drop|reset|close [path]; COUNT 0 for all")
    public String upgrades(int count, String treatment, String... path) {
        Upgrade upgrade = switch (treatment) {
            case "ok" -> Upgrade.accept();
            case "silent" -> Upgrade.silent();
            case "half" -> Upgrade.half();
            case "drop" -> Upgrade.drop();
            case "reset" -> Upgrade.reset();
            case "close" -> Upgrade.openThenClose(1000, "");
            default -> Upgrade.refuse(Integer.parseInt(treatment));
        };
        Faults faults = on(path);
        return said(count == 0 ? faults.upgrades(upgrade) : faults.upgrades(count, upgrade));
    }

    @Descriptor("answer upgrades above so many open connections with 429: limit CONNECTIONS")
    public String limit(int connections) {
        return said(simulator.faults().connectionLimit(connections));
    }

    @Descriptor("messages per second: rate PER-SECOND [channel]")
    public String rate(double perSecond, String... channel) {
        if (channel.length == 0) {
            simulator.data().rate(perSecond);
        } else {
            simulator.data().rate(channel[0], perSecond);
        }
        return "rate " + perSecond;
    }

    private Faults on(String[] target) {
        return switch (target.length) {
            case 0 -> simulator.faults();
            case 1 ->
                target[0].startsWith("/")
                        ? simulator.faults().on(target[0])
                        : simulator.faults().on(Integer.parseInt(target[0]));
            default -> throw new IllegalArgumentException("unexpected: " + target[1]);
        };
    }

    private static String said(Fault fault) {
        return fault + " at " + fault.at();
    }
}
