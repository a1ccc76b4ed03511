// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.sim.deribit;

import io.holdfast.api.client.ConnectionEvent;
import io.holdfast.api.client.ConnectionListener;
import io.holdfast.api.client.Continuity;
import io.holdfast.api.client.Message;
import io.holdfast.api.client.MessageListener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user who counts: what is lost, what comes twice, what is out of order, of the books; and of the trades, which bear no numbers. */
final class FeedListener implements MessageListener, ConnectionListener {
    private static final Pattern CHANNEL = Pattern.compile("\"channel\":\"([^\"]+)\"");
    private static final Pattern CHANGE = Pattern.compile("\"change_id\":(\\d+)");
    private static final Pattern BEFORE = Pattern.compile("\"prev_change_id\":(\\d+)");
    private static final Pattern TRADE = Pattern.compile("\"trade_seq\":(\\d+)");

    final Map<String, Long> last = new HashMap<>();
    final Map<ConnectionEvent.Type, Long> events = new EnumMap<>(ConnectionEvent.Type.class);
    final List<Continuity> continuity = new ArrayList<>();

    /** Channels that were interrupted: the next message may be anything. */
    private final Set<String> anew = new HashSet<>();

    /** Books of which a gap was told: one snapshot heals it, until then changes follow one another. */
    private final Set<String> healing = new HashSet<>();

    private final Map<String, Long> lastTrade = new HashMap<>();
    private final Map<String, Long> tradeConnection = new HashMap<>();
    long books;
    long lost;
    long doubled;
    long snapshots;
    long gaps;
    long tradesMissed;
    long tradesRepeated;

    /** Repeated or missed at the last switch, and at the worst. */
    private long apart;

    long mostApart;
    String first = "";

    @Override
    public void onMessage(Message message) {
        String text = message.text();
        String channel = group(CHANNEL, text);
        if (channel.startsWith("book.")) {
            book(channel, text);
        } else {
            trade(channel, Long.parseLong(group(TRADE, text)), message.connection());
        }
    }

    private void book(String channel, String text) {
        books++;
        long change = Long.parseLong(group(CHANGE, text));
        Matcher before = BEFORE.matcher(text);
        boolean snapshot = !before.find();
        snapshots += snapshot ? 1 : 0;
        Long known = last.put(channel, change);
        if (anew.remove(channel) || known == null) {
            healing.remove(channel);
            return;
        }
        if (snapshot ? change < known : change <= known) {
            doubled++;
            note(channel + " " + text + " after " + known);
        } else if (snapshot ? !healing.remove(channel) : Long.parseLong(before.group(1)) != known) {
            lost++;
            note(channel + " " + text + " after " + known);
        }
    }

    private void trade(String channel, long seq, long connection) {
        Long known = lastTrade.put(channel, Math.max(seq, lastTrade.getOrDefault(channel, 0L)));
        Long before = tradeConnection.put(channel, connection);
        if (known == null || anew.remove(channel)) {
            return;
        }
        boolean switches = before != connection;
        apart = switches ? 0 : apart;
        long missed = Math.max(0, seq - known - 1);
        tradesRepeated += seq <= known ? 1 : 0;
        tradesMissed += missed;
        apart += missed + (seq <= known ? 1 : 0);
        mostApart = Math.max(mostApart, apart);
        if (connection < before || missed > 0 && !switches) {
            note(channel + " " + seq + " of connection " + connection + " after " + known + " of " + before);
        }
    }

    private void note(String what) {
        first = first.isEmpty() ? what : first;
    }

    private static String group(Pattern pattern, String text) {
        Matcher m = pattern.matcher(text);
        if (!m.find()) {
            throw new AssertionError(pattern + " in " + text);
        }
        return m.group(1);
    }

    @Override
    public void onContinuity(Continuity event) {
        if (event instanceof Continuity.Interrupted) {
            anew.addAll(last.keySet());
            anew.addAll(lastTrade.keySet());
        } else if (event instanceof Continuity.Gap gap) {
            gap(gap);
        }
        if (!(event instanceof Continuity.Joined)) {
            continuity.add(event);
        }
    }

    /** What is named is what is missing, no more and no less. */
    private void gap(Continuity.Gap gap) {
        gaps++;
        healing.add(gap.stream());
        Long known = last.put(gap.stream(), gap.to());
        if (known == null || anew.contains(gap.stream()) || gap.from() != known + 1 || gap.to() < gap.from()) {
            note(gap + " after " + known);
        }
    }

    @Override
    public void onEvent(ConnectionEvent event) {
        events.merge(event.type(), 1L, Long::sum);
    }

    long count(ConnectionEvent.Type type) {
        return events.getOrDefault(type, 0L);
    }
}
