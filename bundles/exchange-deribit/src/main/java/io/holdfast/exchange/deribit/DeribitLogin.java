// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import com.google.gson.JsonObject;
import io.holdfast.api.exchange.SessionContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code public/auth}: its parameters, and when it is due again. Pure. */
final class DeribitLogin {
    static final String LOG_IN = "log-in";
    static final String REFRESH = "refresh";

    private static final String ID = "exchange.client.id";
    private static final String SECRET = "exchange.client.secret";
    private static final String ALGORITHM = "HmacSHA256";
    private static final Duration SOONEST = Duration.ofMillis(500);

    private DeribitLogin() {}

    /** What to send when the log-in has to be refreshed. */
    record Next(Duration after, JsonObject params) {
        /** Without the parameters, which hold a token. */
        @Override
        public String toString() {
            return "Next[" + after + "]";
        }
    }

    static JsonObject params(DeribitSettings settings, SessionContext context) {
        JsonObject params = new JsonObject();
        boolean signs = settings.auth() == DeribitSettings.Auth.CLIENT_SIGNATURE;
        params.addProperty("grant_type", signs ? "client_signature" : "client_credentials");
        params.addProperty("client_id", context.credential(ID).text());
        if (signs) {
            long timestamp = context.now().toEpochMilli();
            params.addProperty("timestamp", timestamp);
            params.addProperty("nonce", context.nonce());
            params.addProperty("data", "");
            params.addProperty("signature", signature(context, timestamp + "\n" + context.nonce() + "\n"));
        } else {
            params.addProperty("client_secret", context.credential(SECRET).text());
        }
        params.addProperty("scope", settings.scope());
        return params;
    }

    private static String signature(SessionContext context, String signed) {
        byte[] data = signed.getBytes(StandardCharsets.UTF_8);
        byte[] signature = context.has(SECRET)
                ? hmac(context.credential(SECRET).bytes(), data)
                : context.signing().sign(ALGORITHM, data);
        return HexFormat.of().formatHex(signature);
    }

    /** @param key cleared */
    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** By what the server said of the log-in's life; empty when it said nothing. */
    static Optional<Next> refresh(DeribitSettings settings, String result) {
        if (!(DeribitFrames.parse(result) instanceof JsonObject login)) {
            return Optional.empty();
        }
        String token = DeribitFrames.text(login, "refresh_token");
        long seconds = DeribitFrames.number(login, "expires_in");
        if (token.isEmpty() || seconds <= 0) {
            return Optional.empty();
        }
        JsonObject params = new JsonObject();
        params.addProperty("grant_type", "refresh_token");
        params.addProperty("refresh_token", token);
        Duration after = Duration.ofMillis((long) Math.min(
                seconds * 1000.0 * settings.refresh(), Duration.ofDays(365).toMillis()));
        return Optional.of(new Next(after.compareTo(SOONEST) < 0 ? SOONEST : after, params));
    }
}
