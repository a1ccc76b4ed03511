// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The account of the numbered data. Every channel (Deribit channel, Binance stream, or path of the generic mode) has one
 * sequence for the whole simulator, driven by time from its first subscription on: the numbers go on while nobody is
 * connected. A number counts as written for a connection when the last byte of its message was given to the operating
 * system.
 */
@ProviderType
public interface NumberedData {

    /** Messages per second of channels without a rate of their own. */
    void rate(double perSecond);

    /**
     * Messages per second of one channel; 0 stops its numbers.
     *
     * @param perSecond 0 to 100,000
     */
    void rate(String channel, double perSecond);

    /** Names of the channels that were ever subscribed. */
    List<String> channels();

    /** The highest number that has become due; 0 before the first. */
    long last(String channel);

    /** How many connections are subscribed. */
    int subscribers(String channel);

    /** What was written to one connection, ascending, without overlap. */
    List<SequenceRange> written(String channel, int connection);

    /** What was written to any of the connections that are kept in the accept log, merged, ascending. */
    List<SequenceRange> written(String channel);

    /** The numbers from {@code first} to {@code last} that were written to no connection, ascending. */
    List<SequenceRange> notWritten(String channel, long first, long last);

    /** How many numbers were written, a number that went to two connections counted twice. */
    long writtenCount(String channel);
}
