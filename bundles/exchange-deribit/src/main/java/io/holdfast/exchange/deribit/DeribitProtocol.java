// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.ChannelSpec;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProtocol;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SequenceRule;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What Deribit wants. Without state: everything follows from the settings and the arguments. */
final class DeribitProtocol implements ExchangeProtocol {
    /** So that a book's message tells whether one is missing before it; not the same as the next number, as ids are shared. */
    private static final SequenceRule BOOK = new SequenceRule("\"prev_change_id\":", "\"change_id\":", 0);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.\\-]{1,128}");
    private static final Set<String> CHANGE_INTERVALS = Set.of("raw", "100ms", "agg2");

    private final DeribitSettings settings;

    DeribitProtocol(DeribitSettings settings) {
        this.settings = settings;
    }

    @Override
    public ExchangeProfile profile() {
        return DeribitProfile.of(settings);
    }

    @Override
    public ChannelSpec channel(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a Deribit channel has letters, digits, '_', '-' and '.' only, at most 128");
        }
        boolean mine = name.startsWith("user.");
        return new ChannelSpec(
                name,
                mine ? SetupStep.PRIVATE_SUBSCRIPTIONS : SetupStep.PUBLIC_SUBSCRIPTIONS,
                mine || name.endsWith(".raw"),
                Optional.of(BOOK).filter(b -> tellsChanges(name)),
                settings.silence(name));
    }

    /** Grouped books are whole windows and have no numbering. */
    private static boolean tellsChanges(String name) {
        String[] parts = name.split("\\.");
        return parts.length == 3 && parts[0].equals("book") && CHANGE_INTERVALS.contains(parts[2]);
    }

    @Override
    public List<SessionStep> session(SessionContext context) {
        List<SessionStep> steps = new ArrayList<>();
        if (settings.hello()) {
            JsonObject params = new JsonObject();
            params.addProperty("client_name", "holdfast");
            params.addProperty("client_version", "1");
            steps.add(step(SetupStep.GREETING, "hello", "public/hello", params, false));
        }
        if (settings.auth() != DeribitSettings.Auth.NONE) {
            steps.add(step(
                    SetupStep.LOG_IN,
                    DeribitLogin.LOG_IN,
                    "public/auth",
                    DeribitLogin.params(settings, context),
                    true));
        }
        if (!settings.cancelOnDisconnect().equals("none")) {
            JsonObject params = new JsonObject();
            params.addProperty("scope", settings.cancelOnDisconnect());
            steps.add(step(
                    SetupStep.SESSION_OPTIONS,
                    "cancel-on-disconnect",
                    "private/enable_cancel_on_disconnect",
                    params,
                    false));
        }
        return steps;
    }

    private SessionStep step(int phase, String name, String method, JsonObject params, boolean logIn) {
        return new SessionStep(phase, name, Call.of(method, params.toString()).within(settings.limit()), logIn);
    }

    @Override
    public Optional<Renewal> renewal(SessionStep step, Answer answer) {
        if (!step.logIn()) {
            return Optional.empty();
        }
        return DeribitLogin.refresh(settings, answer.result())
                .map(next -> new Renewal(
                        next.after(),
                        step(SetupStep.LOG_IN, DeribitLogin.REFRESH, "public/auth", next.params(), true)));
    }

    @Override
    public Call subscribe(List<String> channels, int phase) {
        return channels(channels, phase, "subscribe");
    }

    @Override
    public Call unsubscribe(List<String> channels, int phase) {
        return channels(channels, phase, "unsubscribe");
    }

    private Call channels(List<String> channels, int phase, String verb) {
        JsonArray names = new JsonArray();
        channels.forEach(c -> names.add(new JsonPrimitive(c)));
        JsonObject params = new JsonObject();
        params.add("channels", names);
        String side = phase == SetupStep.PRIVATE_SUBSCRIPTIONS ? "private/" : "public/";
        return Call.of(side + verb, params.toString()).within(settings.limit());
    }

    @Override
    public Inbound decode(String frame) {
        return DeribitFrames.decode(frame);
    }
}
