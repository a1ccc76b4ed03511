// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Settings of a {@link Simulator}. Immutable; {@link #builder()} has a default for everything.
 *
 * <p>The client secret is never part of {@link #toString()}.
 */
public final class SimulatorOptions {

    private final Builder b;

    private SimulatorOptions(Builder builder) {
        this.b = new Builder(builder);
    }

    /** All defaults. */
    public static SimulatorOptions defaults() {
        return builder().build();
    }

    /** A builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Port on 127.0.0.1; 0 (the default) takes a free one. */
    public int port() {
        return b.port;
    }

    /**
     * Loopback address to listen on, by default 127.0.0.1. With two simulators on two of them, for example 127.0.0.2, a name
     * can be seen to move.
     */
    public InetAddress address() {
        return b.address;
    }

    /** TLS, for {@code wss}; none by default. */
    public Optional<SSLContext> tls() {
        return Optional.ofNullable(b.tls);
    }

    /**
     * Length of one "second" of the exchanges' protocol timers (Deribit interval, grace and idle time; Binance ping,
     * pong and age limits). Default 1 s.
     */
    public Duration heartbeatUnit() {
        return b.heartbeatUnit;
    }

    /** Messages per second of each channel that has no rate of its own. Default 10. */
    public double rate() {
        return b.rate;
    }

    /** Seed of everything that is shuffled or drawn. Default 1. */
    public long seed() {
        return b.seed;
    }

    /** Deribit client id that {@code public/auth} accepts. Default {@code simulator}. */
    public String clientId() {
        return b.clientId;
    }

    /** Deribit client secret that {@code public/auth} accepts. Default {@code simulator-secret}. */
    public String clientSecret() {
        return b.clientSecret;
    }

    /** {@code expires_in} of a Deribit login, in seconds. Default 900. */
    public long expiresIn() {
        return b.expiresIn;
    }

    /**
     * Whether Deribit's credits are counted, in real time: calls above them get 10028 and the connection ends. Off by
     * default, as one address has one pool, however many clients a test starts.
     */
    public boolean deribitCredits() {
        return b.deribitCredits;
    }

    /**
     * Connection attempts that Binance's paths take in five minutes, real time; above it 429, and 418 for two minutes after
     * three connections in a minute were ended for too many messages. 0, the default, counts neither; the exchange has 300.
     */
    public int binanceAttemptLimit() {
        return b.binanceAttemptLimit;
    }

    /** Public Ed25519 key that Binance signatures are checked with; without one only those by the client secret count. */
    public Optional<PublicKey> binanceKey() {
        return Optional.ofNullable(b.binanceKey);
    }

    /** Frames per second a Binance client may send, twice as many on futures paths, pings and pongs included; 0 switches the limit off. Default 5. */
    public int binanceMessageLimit() {
        return b.binanceMessageLimit;
    }

    /** Sub-protocols the server agrees to, when offered. None by default. */
    public List<String> protocols() {
        return b.protocols;
    }

    /** Open connections above which an upgrade is answered with 429. Default 100,000. */
    public int connectionLimit() {
        return b.connectionLimit;
    }

    /** Largest message accepted from a client, in bytes; above it 1009. Default 16 MiB. */
    public int maxMessage() {
        return b.maxMessage;
    }

    /** Bytes that may wait for one slow client before it is dropped. Default 16 MiB. */
    public int maxPending() {
        return b.maxPending;
    }

    /** Socket receive buffer in bytes, set before accepting; 0 (the default) leaves it to the operating system. */
    public int receiveBuffer() {
        return b.receiveBuffer;
    }

    /** Socket send buffer in bytes of accepted connections; 0 (the default) leaves it to the operating system. */
    public int sendBuffer() {
        return b.sendBuffer;
    }

    /** How many received messages each connection keeps. Default 64. */
    public int keepReceived() {
        return b.keepReceived;
    }

    /** How many ended connections the accept log keeps. Default 4,096. */
    public int keepAccepts() {
        return b.keepAccepts;
    }

    @Override
    public String toString() {
        return "SimulatorOptions[port=" + b.port + ", tls=" + (b.tls != null) + ", heartbeatUnit=" + b.heartbeatUnit
                + ", rate=" + b.rate + ", seed=" + b.seed + "]";
    }

    /** Collects settings; not thread-safe. Each setter is explained at the getter of the same name. */
    public static final class Builder {
        private int port;
        private InetAddress address = loopback();
        private boolean deribitCredits;
        private int binanceAttemptLimit;
        private PublicKey binanceKey;
        private SSLContext tls;
        private Duration heartbeatUnit = Duration.ofSeconds(1);
        private double rate = 10;
        private long seed = 1;
        private String clientId = "simulator";
        private String clientSecret = "simulator-secret";
        private long expiresIn = 900;
        private int binanceMessageLimit = 5;
        private List<String> protocols = List.of();
        private int connectionLimit = 100_000;
        private int maxMessage = 16 << 20;
        private int maxPending = 16 << 20;
        private int receiveBuffer;
        private int sendBuffer;
        private int keepReceived = 64;
        private int keepAccepts = 4096;

        private Builder() {}

        private Builder(Builder from) {
            port = from.port;
            address = from.address;
            deribitCredits = from.deribitCredits;
            binanceAttemptLimit = from.binanceAttemptLimit;
            binanceKey = from.binanceKey;
            tls = from.tls;
            heartbeatUnit = from.heartbeatUnit;
            rate = from.rate;
            seed = from.seed;
            clientId = from.clientId;
            clientSecret = from.clientSecret;
            expiresIn = from.expiresIn;
            binanceMessageLimit = from.binanceMessageLimit;
            protocols = List.copyOf(from.protocols);
            connectionLimit = from.connectionLimit;
            maxMessage = from.maxMessage;
            maxPending = from.maxPending;
            receiveBuffer = from.receiveBuffer;
            sendBuffer = from.sendBuffer;
            keepReceived = from.keepReceived;
            keepAccepts = from.keepAccepts;
        }

        public Builder port(int value) {
            port = inRange("port", value, 0, 65_535);
            return this;
        }

        public Builder address(InetAddress value) {
            if (!value.isLoopbackAddress()) {
                throw new IllegalArgumentException("address must be a loopback address: " + value.getHostAddress());
            }
            address = value;
            return this;
        }

        public Builder deribitCredits(boolean counted) {
            deribitCredits = counted;
            return this;
        }

        public Builder tls(SSLContext value) {
            tls = Objects.requireNonNull(value, "tls");
            return this;
        }

        public Builder heartbeatUnit(Duration value) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("heartbeatUnit must be above 0 and at most 1 h: " + value);
            }
            heartbeatUnit = value;
            return this;
        }

        public Builder rate(double perSecond) {
            if (!(perSecond >= 0 && perSecond <= 100_000)) {
                throw new IllegalArgumentException("rate must be in 0..100000: " + perSecond);
            }
            rate = perSecond;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder client(String id, String secret) {
            clientId = Objects.requireNonNull(id, "id");
            clientSecret = Objects.requireNonNull(secret, "secret");
            return this;
        }

        public Builder expiresIn(long seconds) {
            if (seconds < 1) {
                throw new IllegalArgumentException("expiresIn must be positive: " + seconds);
            }
            expiresIn = seconds;
            return this;
        }

        public Builder binanceAttemptLimit(int inFiveMinutes) {
            binanceAttemptLimit = inRange("binanceAttemptLimit", inFiveMinutes, 0, 1_000_000);
            return this;
        }

        public Builder binanceKey(PublicKey ed25519) {
            binanceKey = Objects.requireNonNull(ed25519, "ed25519");
            return this;
        }

        public Builder binanceMessageLimit(int perSecond) {
            binanceMessageLimit = inRange("binanceMessageLimit", perSecond, 0, Integer.MAX_VALUE);
            return this;
        }

        public Builder protocols(String... names) {
            protocols = List.of(names);
            return this;
        }

        public Builder connectionLimit(int value) {
            connectionLimit = inRange("connectionLimit", value, 0, Integer.MAX_VALUE);
            return this;
        }

        public Builder maxMessage(int bytes) {
            maxMessage = inRange("maxMessage", bytes, 125, 1 << 30);
            return this;
        }

        public Builder maxPending(int bytes) {
            maxPending = inRange("maxPending", bytes, 1024, 1 << 30);
            return this;
        }

        public Builder receiveBuffer(int bytes) {
            receiveBuffer = inRange("receiveBuffer", bytes, 0, 1 << 30);
            return this;
        }

        public Builder sendBuffer(int bytes) {
            sendBuffer = inRange("sendBuffer", bytes, 0, 1 << 30);
            return this;
        }

        public Builder keepReceived(int messages) {
            keepReceived = inRange("keepReceived", messages, 0, 1_000_000);
            return this;
        }

        public Builder keepAccepts(int connections) {
            keepAccepts = inRange("keepAccepts", connections, 1, 1_000_000);
            return this;
        }

        public SimulatorOptions build() {
            return new SimulatorOptions(this);
        }

        private static InetAddress loopback() {
            try {
                return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }

        private static int inRange(String name, int value, int low, int high) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(name + " must be in " + low + ".." + high + ": " + value);
            }
            return value;
        }
    }
}
