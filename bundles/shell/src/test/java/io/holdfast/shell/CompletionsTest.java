// SPDX-License-Identifier: Apache-2.0
package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.supervision.Supervisor.ChildStatus.State;
import io.holdfast.api.supervision.Supervisor.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a real Gogo session, completed by the real JLine. */
class CompletionsTest {
    private final CommandProcessorImpl processor = new CommandProcessorImpl();
    private final HoldfastCommands commands = new HoldfastCommands(new EventLog(), Duration.ofSeconds(20))
            .seeing(
                    List.of(
                            FixedClient.ready("deribit").supervisedBy("trading"),
                            FixedClient.ready("alone").alone()),
                    List.of(FixedSupervisor.answering(
                            Reply.OK,
                            "trading",
                            FixedSupervisor.child("deribit", State.RUNNING),
                            FixedSupervisor.child("feed", State.RUNNING))));

    private CommandSession session() {
        processor.addCommand("holdfast", commands, "list");
        processor.addCommand("holdfast", commands, "ids");
        processor.addListener(new Completions());
        return processor.createSession(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    @AfterEach
    void stop() {
        processor.stop();
    }

    /** As JLine's shell answers it. */
    private record Environment(CommandSession session) implements Completers.CompletionEnvironment {
        @Override
        public Map<String, List<Completers.CompletionData>> getCompletions() {
            return Shell.getCompletions(session);
        }

        @Override
        public Set<String> getCommands() {
            return Shell.getCommands(session);
        }

        @Override
        public String resolveCommand(String command) {
            return command;
        }

        @Override
        public String commandName(String command) {
            return command;
        }

        @Override
        public Object evaluate(LineReader reader, ParsedLine line, String function) throws Exception {
            return session.execute(function);
        }
    }

    private static List<String> completed(CommandSession session, String line) {
        List<Candidate> candidates = new ArrayList<>();
        ParsedLine parsed = new DefaultParser().parse(line, line.length(), Parser.ParseContext.COMPLETE);
        new Completers.Completer(new Environment(session)).complete(null, parsed, candidates);
        return candidates.stream().map(Candidate::value).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "events", "reconnect", "rotate", "stop", "start", "reset"})
    void idsAreCompletedFromTheFirstCommandOn(String command) throws Exception {
        processor.addCommand("gogo", new Builtin(), "complete");
        CommandSession session = session();
        // As JLine's shell does for its interactive sessions.
        session.put(Completions.COMPLETIONS, new HashMap<>());
        session.execute("holdfast:list");
        assertThat(completed(session, "holdfast:" + command + " "))
                .containsExactlyInAnyOrder("alone", "deribit", "feed");
    }

    @Test
    void aShellThatDoesNotCompleteIsLeftAlone() throws Exception {
        CommandSession session = session();
        assertThat(session.execute("holdfast:list")).asString().contains("deribit");
        assertThat(session.get(Completions.DONE)).isNull();
    }
}
