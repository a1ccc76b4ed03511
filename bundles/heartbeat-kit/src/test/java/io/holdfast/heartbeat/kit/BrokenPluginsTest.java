// SPDX-License-Identifier: Apache-2.0
package io.holdfast.heartbeat.kit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.heartbeat.ClientBeat;
import io.holdfast.api.heartbeat.Heartbeat;
import io.holdfast.api.heartbeat.HeartbeatContext;
import io.holdfast.api.heartbeat.HeartbeatFactory;
import io.holdfast.api.heartbeat.HeartbeatProfile;
import io.holdfast.api.options.Option;
import io.holdfast.api.options.OptionSet;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That the kit finds what it is for: each plugin here breaks one rule. */
class BrokenPluginsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private static HeartbeatConformance kit(HeartbeatFactory factory, ScriptedPeer.Rule rule) {
        ScriptedPeer peer = ScriptedPeer.of(
                "/any", text -> text.equals("ping") ? Optional.of("pong") : Optional.empty(), rule, DEADLINE);
        Subject subject = new Subject(factory, Map.of(), peer, DEADLINE, DEADLINE, Duration.ofSeconds(1));
        return () -> subject;
    }

    private static HeartbeatProfile pinging(String type, Duration interval) {
        return HeartbeatProfile.of(type)
                .withBeat(new ClientBeat(
                        ClientBeat.Kind.PING_FRAME,
                        "",
                        interval,
                        ClientBeat.Basis.EVERY,
                        Optional.empty(),
                        interval,
                        1));
    }

    /** Ten heartbeats a second where one was promised. */
    public static final class Storming implements HeartbeatFactory {
        @Override
        public String type() {
            return "storming";
        }

        @Override
        public OptionSet options() {
            return OptionSet.of();
        }

        @Override
        public Heartbeat open(HeartbeatContext context) {
            return Heartbeat.of(pinging(type(), Duration.ofMillis(100)));
        }
    }

    @Test
    void aStormIsFound() {
        assertThatThrownBy(
                        () -> kit(new Storming(), ScriptedPeer.Rule.CLIENT_BEAT).survives())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at most one each PT1S");
    }

    /** Too rare for the exchange, and deaf. */
    public static final class Lazy implements HeartbeatFactory {
        @Override
        public String type() {
            return "lazy";
        }

        @Override
        public OptionSet options() {
            return OptionSet.of();
        }

        @Override
        public Heartbeat open(HeartbeatContext context) {
            return Heartbeat.of(pinging(type(), Duration.ofHours(1)));
        }
    }

    @Test
    void aHeartbeatTooRareIsFound() {
        assertThatThrownBy(() -> kit(new Lazy(), ScriptedPeer.Rule.CLIENT_BEAT).survives())
                .hasMessageContaining("both connections alive");
    }

    /** Its profile holds a list of the plugin's own class, and another one each time; an option has a stranger's name. */
    public static final class Clinging implements HeartbeatFactory {
        private Duration interval = Duration.ofSeconds(1);

        @Override
        public String type() {
            return "clinging";
        }

        @Override
        public OptionSet options() {
            return OptionSet.of(Option.flag("clinging", true, Option.Effect.LIVE, "Does not begin with heartbeat."));
        }

        @Override
        public Heartbeat open(HeartbeatContext context) {
            synchronized (this) {
                interval = interval.plusMillis(1);
                return Heartbeat.of(pinging(type(), interval));
            }
        }
    }

    /** A value of the plugin's own class. */
    private static final class Own extends AbstractList<String> {
        @Override
        public String get(int index) {
            return "";
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void stateAndStrangeOptionsAreFound() {
        HeartbeatConformance kit = kit(new Clinging(), ScriptedPeer.Rule.CLIENT_BEAT);
        assertThatThrownBy(kit::opensAlikeForAll).isInstanceOf(AssertionError.class);
        assertThatThrownBy(kit::optionsAreItsOwn)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("heartbeat.");
    }

    @Test
    void ownClassesInAProfileAreFound() {
        record Holder(List<String> own) {}
        org.assertj.core.api.Assertions.assertThat(PlainData.strangers(Optional.of(new Own())))
                .containsExactly("profile: " + Own.class.getName());
        org.assertj.core.api.Assertions.assertThat(PlainData.strangers(new Holder(List.of())))
                .singleElement()
                .asString()
                .contains("Holder");
        org.assertj.core.api.Assertions.assertThat(PlainData.strangers(pinging("x", DEADLINE)))
                .isEmpty();
    }

    @Test
    void aPeerThatCutsNobodyIsFound() {
        HeartbeatConformance kit = kit(new Lazy(), ScriptedPeer.Rule.CLIENT_BEAT);
        Subject strict = kit.subject();
        ScriptedPeer lenient =
                ScriptedPeer.of("/any", text -> Optional.empty(), ScriptedPeer.Rule.CLIENT_BEAT, Duration.ofDays(1));
        Subject subject = new Subject(strict.factory(), Map.of(), lenient, DEADLINE, DEADLINE, Duration.ofSeconds(1));
        HeartbeatConformance blind = () -> subject;
        assertThatThrownBy(blind::withoutItTheExchangeCuts).isInstanceOf(java.net.SocketTimeoutException.class);
    }
}
