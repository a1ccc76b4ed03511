// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.holdfast.simulator.SimulatorOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Judges the key, time and signature of a Binance request. Pure. */
final class BinanceKeys {

    /** An error of the WebSocket API. */
    record Refusal(int status, int code, String message) {}

    private static final long DEFAULT_WINDOW = 5_000;
    private static final long MAX_WINDOW = 60_000;
    private static final long AHEAD = 1_000;

    private BinanceKeys() {}

    /**
     * @param ed25519Only as for a log-on
     * @param now of the server's clock, in milliseconds
     * @return null when all is right
     */
    static Refusal check(JsonObject params, SimulatorOptions options, boolean ed25519Only, long now) {
        if (!Json.string(params, "apiKey").equals(options.clientId())) {
            return new Refusal(401, -2015, "Invalid API-key, IP, or permissions for action.");
        }
        long window = number(params, "recvWindow", DEFAULT_WINDOW);
        if (window > MAX_WINDOW) {
            return new Refusal(400, -1131, "recvWindow must be less than 60000");
        }
        long timestamp = number(params, "timestamp", Long.MIN_VALUE / 2);
        if (timestamp > now + AHEAD || now - timestamp > window) {
            return new Refusal(400, -1021, "Timestamp for this request is outside of the recvWindow.");
        }
        byte[] payload = payload(params);
        String given = Json.string(params, "signature");
        if (ed25519(payload, given, options) || !ed25519Only && hmac(payload, given, options)) {
            return null;
        }
        return new Refusal(400, -1022, "Signature for this request is not valid.");
    }

    private static long number(JsonObject params, String name, long otherwise) {
        return params.get(name) instanceof JsonPrimitive p && p.getAsString().matches("\\d{1,15}")
                ? Long.parseLong(p.getAsString())
                : otherwise;
    }

    /** All parameters but the signature, in the order of their names. */
    private static byte[] payload(JsonObject params) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, JsonElement> e : new TreeMap<>(params.asMap()).entrySet()) {
            if (!e.getKey().equals("signature") && e.getValue() instanceof JsonPrimitive p) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(e.getKey())
                        .append('=')
                        .append(p.getAsString());
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean ed25519(byte[] payload, String given, SimulatorOptions options) {
        if (options.binanceKey().isEmpty()) {
            return false;
        }
        byte[] signature;
        try {
            signature = Base64.getDecoder().decode(given);
        } catch (IllegalArgumentException e) {
            return false; // a signature of another kind
        }
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(options.binanceKey().get());
            check.update(payload);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not of the right length, for one
        }
    }

    private static boolean hmac(byte[] payload, String given, SimulatorOptions options) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(options.clientSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String right = HexFormat.of().formatHex(mac.doFinal(payload));
            return MessageDigest.isEqual(
                    right.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
