// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.binance;

import com.google.gson.JsonObject;
import io.holdfast.api.exchange.SessionContext;
import io.holdfast.api.transport.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed parameters of requests. Pure. */
final class BinanceLogin {
    private static final String API_KEY = "exchange.api.key";
    private static final String PRIVATE_KEY = "exchange.private.key";
    private static final String SECRET_KEY = "exchange.secret.key";
    private static final String ED25519 = "Ed25519";
    private static final String HMAC = "HmacSHA256";

    private BinanceLogin() {}

    /** Key, window, time, and the signature over them, by name and in order of the names. */
    static JsonObject signed(BinanceSettings settings, SessionContext context) {
        Map<String, String> values = new TreeMap<>();
        values.put("apiKey", context.credential(API_KEY).text());
        values.put("recvWindow", Long.toString(settings.receiveWindow().toMillis()));
        values.put("timestamp", Long.toString(context.now().toEpochMilli()));
        StringBuilder payload = new StringBuilder();
        values.forEach((name, value) -> payload.append(payload.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(value));
        byte[] data = payload.toString().getBytes(StandardCharsets.UTF_8);
        JsonObject params = new JsonObject();
        params.addProperty("apiKey", values.get("apiKey"));
        params.addProperty("recvWindow", settings.receiveWindow().toMillis());
        params.addProperty("timestamp", context.now().toEpochMilli());
        params.addProperty(
                "signature",
                settings.auth() == BinanceSettings.Auth.ED25519
                        ? Base64.getEncoder().encodeToString(ed25519(context, data))
                        : HexFormat.of().formatHex(hmac(context, data)));
        return params;
    }

    private static byte[] ed25519(SessionContext context, byte[] data) {
        if (!context.has(PRIVATE_KEY)) {
            return context.signing().sign(ED25519, data);
        }
        byte[] key = pkcs8(context.credential(PRIVATE_KEY));
        try {
            Signature signature = Signature.getInstance(ED25519);
            signature.initSign(KeyFactory.getInstance(ED25519).generatePrivate(new PKCS8EncodedKeySpec(key)));
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            // Without the cause: it might show something of the key.
            throw new IllegalArgumentException("'" + PRIVATE_KEY + "' is no Ed25519 key");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** From PEM, or its base64 alone. */
    private static byte[] pkcs8(Secret secret) {
        byte[] pem = secret.bytes();
        byte[] kept = new byte[pem.length];
        int n = 0;
        boolean dashed = false;
        for (int i = 0; i < pem.length; i++) {
            boolean begins = i == 0 || pem[i - 1] == '\n' || pem[i - 1] == '\r';
            dashed = begins ? pem[i] == '-' : dashed;
            if (!dashed && pem[i] > ' ') {
                kept[n++] = pem[i];
            }
        }
        byte[] base64 = Arrays.copyOf(kept, n);
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + PRIVATE_KEY + "' must be a private key as PEM (PKCS #8)");
        } finally {
            Arrays.fill(pem, (byte) 0);
            Arrays.fill(kept, (byte) 0);
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static byte[] hmac(SessionContext context, byte[] data) {
        if (!context.has(SECRET_KEY)) {
            return context.signing().sign(HMAC, data);
        }
        byte[] key = context.credential(SECRET_KEY).bytes();
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + HMAC, e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
