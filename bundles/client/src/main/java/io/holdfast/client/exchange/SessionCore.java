// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.exchange;

import io.holdfast.api.client.Cause;
import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Call;
import io.holdfast.api.exchange.CallFailedException.Outcome;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.ExchangeProfile;
import io.holdfast.api.exchange.ExchangeProfile.Acknowledgement;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Inbound;
import io.holdfast.api.exchange.Renewal;
import io.holdfast.api.exchange.SessionStep;
import io.holdfast.api.heartbeat.SetupStep;
import io.holdfast.client.exchange.Calls.Entry;
import io.holdfast.client.exchange.SessionEffect.End.How;
import io.holdfast.client.exchange.Subscriptions.Batch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * All decisions about one connection's session: greeting, log-in, channels, calls, renewals. No clock, thread or socket:
 * {@code now} is an argument, what is to be done is returned. Confined to the client's mailbox.
 *
 * <p>It belongs to one connection: what is wanted and how streams are numbered is the client's and comes in as an argument,
 * so that a second session can be set up beside the one that delivers.
 */
public final class SessionCore {
    private static final Duration STEP_PATIENCE = Duration.ofSeconds(60);

    /** Two log-ins lost within this time are no accident. */
    private static final Duration LOG_IN_HOLDS = Duration.ofSeconds(60);

    private static final Duration NO_PROTOCOL = Duration.ofSeconds(1);

    private enum Stage {
        NEW,
        GREETING,
        GREETED,
        STEPS,
        CHANNELS,
        READY,
        OVER
    }

    private final ExchangeProfile profile;
    private final Calls<Purpose> calls;
    private final Credits credits;
    private final Subscriptions subscriptions;
    private final Supplier<String> ids;
    private final UnaryOperator<String> shown;
    private final Deque<SessionStep> steps = new ArrayDeque<>();
    private final List<SessionStep> later = new ArrayList<>();

    private Stage stage = Stage.NEW;
    private boolean stepUnderWay;
    private boolean loggedIn;
    private boolean loggingInAgain;
    private boolean listingDue;
    private Call listing;
    private long loggedInAgainAt;
    private boolean everLoggedInAgain;
    private boolean draining;
    private Renewal renewal;
    private long renewAt;
    private final RenewalQuestions renewals = new RenewalQuestions();

    /** Whether the protocol logs in at all: nothing is lost where nothing was. */
    private boolean logsIn;

    /** Ids of the calls that were sent before the last log-in held: their answers say nothing of it. */
    private Set<String> sentBefore = Set.of();

    private List<SessionEffect> out = new ArrayList<>();
    private long now;

    /**
     * @param ids makes ids that are unique over the life of the client
     * @param shown makes the server's words fit to be shown
     */
    public SessionCore(
            ExchangeProfile profile,
            Credits credits,
            Subscriptions subscriptions,
            Supplier<String> ids,
            UnaryOperator<String> shown) {
        this.profile = profile;
        this.credits = credits;
        this.calls = new Calls<>(credits);
        this.subscriptions = subscriptions;
        this.ids = ids;
        this.shown = shown;
    }

    private List<SessionEffect> done() {
        List<SessionEffect> effects = out;
        out = new ArrayList<>();
        return effects;
    }

    // --- set-up

    /**
     * What the protocol wants said on this connection: at first, or for another log-in.
     *
     * @param list asks what is subscribed, null where an acknowledgement is proof
     */
    public List<SessionEffect> steps(List<SessionStep> given, Call list, long now) {
        this.now = now;
        listing = list;
        List<SessionStep> sorted = given.stream()
                .sorted(Comparator.comparingInt(SessionStep::phase))
                .toList();
        logsIn = sorted.stream().anyMatch(SessionStep::logIn);
        if (stage == Stage.NEW) {
            stage = Stage.GREETING;
            sorted.forEach(s -> (s.phase() < SetupStep.HEARTBEAT ? steps : later).add(s));
        } else if (loggingInAgain) {
            steps.clear();
            sorted.stream().filter(s -> s.phase() >= SetupStep.LOG_IN).forEach(steps::add);
            stepUnderWay = false;
        }
        nextStep();
        return done();
    }

    /** The heartbeat is set up. */
    public List<SessionEffect> heartbeatDone(long now) {
        this.now = now;
        if (stage == Stage.GREETED) {
            stage = Stage.STEPS;
            steps.addAll(later);
            nextStep();
        }
        return done();
    }

    private void nextStep() {
        if (stepUnderWay || stage == Stage.OVER) {
            return;
        }
        SessionStep step = steps.poll();
        if (step != null) {
            stepUnderWay = true;
            put(step.call().waiting(STEP_PATIENCE), new Purpose.Step(step, false));
        } else if (stage == Stage.GREETING) {
            stage = Stage.GREETED;
            out.add(new SessionEffect.Greeted());
        } else if (stage == Stage.STEPS) {
            stage = Stage.CHANNELS;
            subscriptions.loggedIn(loggedIn);
            listingDue = listing != null && !subscriptions.acknowledged().isEmpty();
            out.add(new SessionEffect.DataBegins());
        } else if (loggingInAgain) {
            loggingInAgain = false;
            subscriptions.loggedIn(loggedIn);
            subscriptions.loggedInAgain(now);
        }
    }

    private void put(Call call, Purpose purpose) {
        Entry<Purpose> entry = new Entry<>(ids.get(), call, purpose);
        String text = profile.envelope().seal(entry.id(), call);
        if (text.length() * 3L > profile.bytesPerMessage()
                && text.getBytes(StandardCharsets.UTF_8).length > profile.bytesPerMessage()) {
            failed(
                    entry,
                    Outcome.NOT_SENT,
                    "the message is longer than the server takes (" + profile.bytesPerMessage() + " bytes)",
                    null);
        } else if (!calls.add(entry, !(purpose instanceof Purpose.User), now)) {
            failed(entry, Outcome.NOT_SENT, "too many calls are under way", null);
        }
    }

    // --- what goes on: to be called after every input, and when it said

    /** Sends what may be sent, asks for channels, lets patience end. */
    public List<SessionEffect> proceed(long now) {
        this.now = now;
        if (stage == Stage.OVER || stage == Stage.NEW) {
            return done();
        }
        if (!draining) {
            channels();
        }
        if (renewal != null && now - renewAt >= 0 && !loggingInAgain) {
            SessionStep step = renewal.step();
            renewal = null;
            put(step.call().waiting(STEP_PATIENCE), new Purpose.Step(step, true));
        }
        out.addAll(renewals.due(now));
        for (Entry<Purpose> entry : calls.due(now)) {
            String text = profile.envelope().seal(entry.id(), entry.call());
            out.add(new SessionEffect.Send(entry.id(), text, secret(entry.owner())));
        }
        for (Entry<Purpose> entry : calls.impatient(now)) {
            failed(entry, Outcome.NOT_SENT, "the exchange's limits left no room in time", null);
        }
        return done();
    }

    /** A log-in and its renewal bring credentials. */
    private static boolean secret(Purpose purpose) {
        return purpose instanceof Purpose.Step p
                && (p.step().logIn() || p.step().phase() == SetupStep.LOG_IN || p.renews());
    }

    private void channels() {
        if (stage != Stage.CHANNELS && stage != Stage.READY || loggingInAgain) {
            return;
        }
        Batch batch = subscriptions.next(now);
        if (batch != null) {
            out.add(new SessionEffect.AskChannels(batch));
        } else if (listingDue && subscriptions.settled()) {
            listingDue = false;
            subscriptions.listing();
            put(listing.waiting(Call.QUEUED), new Purpose.Listing());
        } else if (stage == Stage.CHANNELS && subscriptions.settled()) {
            stage = Stage.READY;
            out.add(new SessionEffect.Ready());
        }
    }

    /** How the batch is asked for; null when the protocol was not there to say. */
    public List<SessionEffect> asked(Batch batch, Call call, long now) {
        this.now = now;
        if (call == null) {
            subscriptions.postponed(batch, NO_PROTOCOL, now);
        } else if (stage != Stage.OVER) {
            listingDue = listing != null;
            put(call.waiting(Call.QUEUED), new Purpose.Channels(batch));
        }
        return done();
    }

    /** Nanoseconds until {@link #proceed} or {@link #expire} has something to do, channels left aside. */
    public long next(long held, long now) {
        long next = Math.min(calls.next(held, now), renewals.next(now));
        return renewal == null || loggingInAgain ? next : Math.min(next, Math.max(1, renewAt - now));
    }

    /** The limits for which calls wait. */
    public Set<String> claims() {
        return calls.claims();
    }

    public Credits credits() {
        return credits;
    }

    public ExchangeProfile profile() {
        return profile;
    }

    public void written(String id, long now) {
        calls.written(id, now);
    }

    // --- calls of users

    public List<SessionEffect> call(Call call, CompletableFuture<Answer> answer, long now) {
        this.now = now;
        Purpose purpose = new Purpose.User(answer);
        if (stage == Stage.CHANNELS || stage == Stage.READY) {
            put(call, purpose);
        } else {
            failed(new Entry<>("", call, purpose), Outcome.NOT_SENT, "the session is not set up", null);
        }
        return done();
    }

    public boolean overdue(long held, long now) {
        return calls.overdue(held, now);
    }

    /**
     * Ends what is overdue; only when everything readable has been read.
     *
     * @param why added to what is told of it
     */
    public List<SessionEffect> expire(long held, long now, String why) {
        this.now = now;
        for (Entry<Purpose> entry : calls.expired(held, now)) {
            failed(
                    entry,
                    Outcome.UNKNOWN,
                    "not answered within " + entry.call().limit().toMillis() + " ms" + why,
                    null);
        }
        return done();
    }

    private void failed(Entry<Purpose> entry, Outcome outcome, String message, Failure failure) {
        Purpose purpose = entry.owner();
        if (purpose instanceof Purpose.User user) {
            out.add(new SessionEffect.Failed(
                    user.done(), entry.id(), entry.call().method(), outcome, message, failure));
        } else if (purpose instanceof Purpose.Step step && step.renews()) {
            logInAgain("'" + step.step().name() + "' " + message);
        } else if (purpose instanceof Purpose.Step step) {
            retry("step '" + step.step().name() + "' " + message);
        } else if (purpose instanceof Purpose.Channels c) {
            retry((c.batch().subscribe() ? "subscription " : "unsubscription ") + message);
        } else {
            retry("list of subscriptions " + message);
        }
    }

    private void retry(String why) {
        end(How.RETRY, Cause.of(Cause.Kind.SETUP, why), Duration.ZERO);
    }

    private void end(How how, Cause cause, Duration pause) {
        if (stage != Stage.OVER) {
            out.add(new SessionEffect.End(how, cause, pause));
        }
    }

    // --- what comes in

    public List<SessionEffect> inbound(Inbound inbound, long now) {
        this.now = now;
        if (stage != Stage.OVER) {
            if (inbound instanceof Answer answer) {
                calls.answered(answer.id()).ifPresent(entry -> answered(entry, answer));
            } else if (inbound instanceof Event event) {
                event(event);
            }
        }
        return done();
    }

    private void answered(Entry<Purpose> entry, Answer answer) {
        Purpose purpose = entry.owner();
        Failure failure = answer.failure().orElse(null);
        if (failure != null) {
            refused(entry, failure);
        } else if (purpose instanceof Purpose.User user) {
            out.add(new SessionEffect.Answered(user.done(), answer));
        } else if (purpose instanceof Purpose.Step step) {
            stepAccepted(step, answer);
        } else if (purpose instanceof Purpose.Channels c) {
            channelsAnswered(c.batch(), answer);
        } else {
            beginAnew(subscriptions.listed(answer.listed(), now));
        }
    }

    private void beginAnew(List<String> channels) {
        channels.forEach(c -> out.add(new SessionEffect.BeginAnew(c)));
    }

    private void stepAccepted(Purpose.Step step, Answer answer) {
        if (step.step().logIn()) {
            loggedIn = true;
            sentBefore = calls.sent();
        }
        out.add(renewals.ask(step.step(), answer, now));
        if (!step.renews()) {
            stepUnderWay = false;
            nextStep();
        }
    }

    private void channelsAnswered(Batch batch, Answer answer) {
        boolean all = profile.acknowledgement() == Acknowledgement.ALL;
        subscriptions.answered(batch, all ? batch.channels() : answer.listed(), now);
        if (!batch.subscribe()) {
            beginAnew(batch.channels());
        }
    }

    private void refused(Entry<Purpose> entry, Failure failure) {
        String words = shown.apply(failure.toString());
        if (entry.owner() instanceof Purpose.User user) {
            Outcome outcome = failure.act() == Failure.Act.UNKNOWN ? Outcome.UNKNOWN : Outcome.REFUSED;
            out.add(new SessionEffect.Failed(
                    user.done(), entry.id(), entry.call().method(), outcome, words, failure));
        }
        if (failure.act() == Failure.Act.WAIT) {
            credits.empty(now);
            end(How.WAIT, Cause.of(Cause.Kind.LIMITED, words), failure.pause());
        } else if (failure.act() == Failure.Act.PAUSE) {
            paused(entry, failure, words);
        } else if (failure.act() == Failure.Act.RECONNECT) {
            retry(words);
        } else if (entry.owner() instanceof Purpose.Step step) {
            stepRefused(step, failure, words);
        } else if (entry.owner() instanceof Purpose.Channels c) {
            channelsRefused(entry.id(), c.batch(), failure, words);
        } else if (failure.act() == Failure.Act.LOG_IN && logsIn) {
            listingDue |= entry.owner() instanceof Purpose.Listing;
            logInLost(entry.id(), words);
        } else if (entry.owner() instanceof Purpose.Listing) {
            retry("list of subscriptions was refused: " + words);
        }
    }

    /** The connection stays; what the session itself asked for is asked again when the pause is over. */
    private void paused(Entry<Purpose> entry, Failure failure, String words) {
        credits.pause(failure.pause().toNanos(), now);
        if (entry.owner() instanceof Purpose.Channels c) {
            subscriptions.postponed(c.batch(), failure.pause(), now);
        } else if (entry.owner() instanceof Purpose.Listing) {
            listingDue = true;
        } else if (entry.owner() instanceof Purpose.Step step) {
            // A set-up that takes so long is done anew, on a connection that is made when it may be.
            end(How.WAIT, Cause.of(Cause.Kind.LIMITED, "step '" + step.step().name() + "': " + words), failure.pause());
        }
    }

    private void stepRefused(Purpose.Step step, Failure failure, String words) {
        String why = "step '" + step.step().name() + "' was refused: " + words;
        if (step.renews()) {
            // Whether the credentials are wrong tells the log-in: what it brought may have run out.
            logInAgain(why);
        } else if (failure.act() == Failure.Act.REFUSED) {
            end(How.REFUSED, Cause.of(Cause.Kind.REFUSED, why), Duration.ZERO);
        } else {
            retry(why);
        }
    }

    private void channelsRefused(String id, Batch batch, Failure failure, String words) {
        if (failure.act() == Failure.Act.LOG_IN && logsIn) {
            subscriptions.postponed(batch, Duration.ofNanos(1), now);
            logInLost(id, words);
        } else if (failure.act() == Failure.Act.LATER) {
            subscriptions.postponed(batch, failure.pause(), now);
        } else {
            subscriptions.refused(batch, words, now);
        }
    }

    /** @param id of the call that was refused for it */
    private void logInLost(String id, String words) {
        if (!sentBefore.contains(id)) {
            logInAgain(words);
        }
    }

    private void event(Event event) {
        String words = event.failure().map(f -> shown.apply(f.toString())).orElse("");
        switch (event.kind()) {
            case NONE, SUBSCRIBED -> {
                // nothing that an answer does not say as well
            }
            case ENDED -> beginAnew(subscriptions.ended(event.channels(), "ended by the server", now));
            case LOGGED_OUT -> loggedOut("logged out by the server");
            case NOTICE -> end(How.ROTATE, Cause.of(Cause.Kind.NOTICE, "the server gave notice"), Duration.ZERO);
            case FAILED ->
                event.failure().ifPresent(f -> {
                    switch (f.act()) {
                        case WAIT -> {
                            credits.empty(now);
                            end(How.WAIT, Cause.of(Cause.Kind.LIMITED, words), f.pause());
                        }
                        case LOG_IN -> loggedOut(words);
                        case RECONNECT -> retry(words);
                        default -> out.add(new SessionEffect.Alarm(words));
                    }
                });
        }
    }

    private void loggedOut(String why) {
        if (logsIn) {
            logInAgain(why);
        } else {
            out.add(new SessionEffect.Alarm(why));
        }
    }

    /** Once in a while; a log-in that is lost again at once is a matter for a new connection. */
    private void logInAgain(String why) {
        if (loggingInAgain || stage == Stage.OVER) {
            return;
        }
        boolean again = everLoggedInAgain && now - loggedInAgainAt < LOG_IN_HOLDS.toNanos();
        if (stage != Stage.CHANNELS && stage != Stage.READY || again) {
            retry(again ? "the log-in was lost twice: " + why : why);
            return;
        }
        everLoggedInAgain = true;
        loggedInAgainAt = now;
        loggingInAgain = true;
        loggedIn = false;
        renewal = null;
        renewals.clear();
        out.add(new SessionEffect.AskSteps());
    }

    /** How what the answer accepted is renewed; the time counts from that answer on. */
    public void renewal(Answer answer, Optional<Renewal> given) {
        renewals.answered(answer)
                .ifPresent(since -> given.ifPresent(r -> {
                    renewal = r;
                    renewAt = since + r.after().toNanos();
                }));
    }

    /** The protocol could not say how what the answer accepted is renewed. */
    public void renewalNotTold(Answer answer, long now) {
        renewals.failed(answer, now);
    }

    /** There is no protocol to say how what the answer accepted is renewed: {@link #bound} asks again. */
    public void renewalUnasked(Answer answer) {
        renewals.unasked(answer);
    }

    /** There is a protocol again, or another one. */
    public void bound(long now) {
        renewals.again(now);
    }

    // --- the end

    /** The connection has ended; every call is over after this. */
    public List<SessionEffect> lost() {
        stage = Stage.OVER;
        loggedIn = false;
        for (Entry<Purpose> entry : calls.unsent()) {
            lost(entry, Outcome.NOT_SENT, "the connection ended before it was sent");
        }
        for (Entry<Purpose> entry : calls.unanswered()) {
            lost(entry, Outcome.UNKNOWN, "the connection ended before the answer");
        }
        return done();
    }

    private void lost(Entry<Purpose> entry, Outcome outcome, String message) {
        if (entry.owner() instanceof Purpose.User user) {
            out.add(new SessionEffect.Failed(
                    user.done(), entry.id(), entry.call().method(), outcome, message, null));
        }
    }

    public boolean loggedIn() {
        return loggedIn;
    }

    /** Another connection has taken over: nothing new is asked for, what was asked goes on. */
    public void drain() {
        draining = true;
    }

    public int calls() {
        return calls.size();
    }

    public boolean takesChannels() {
        return stage == Stage.CHANNELS || stage == Stage.READY;
    }
}
