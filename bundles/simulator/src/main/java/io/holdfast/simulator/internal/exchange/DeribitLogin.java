// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.internal.exchange.DeribitAnswer.Failure;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code public/auth} on one connection; a token is good on that connection only. */
final class DeribitLogin {

    private final SimulatorOptions options;
    private String refreshToken;

    DeribitLogin(SimulatorOptions options) {
        this.options = options;
    }

    boolean done() {
        return refreshToken != null;
    }

    String answer(JsonObject params) throws Failure {
        String type = Json.string(params, "grant_type");
        boolean right = switch (type) {
            case "client_credentials" ->
                Json.string(params, "client_id").equals(options.clientId())
                        && Json.string(params, "client_secret").equals(options.clientSecret());
            case "client_signature" ->
                Json.string(params, "client_id").equals(options.clientId())
                        && Json.string(params, "signature").equals(signature(params));
            case "refresh_token" -> Json.string(params, "refresh_token").equals(refreshToken);
            default -> throw DeribitAnswer.invalid("unsupported value", "grant_type");
        };
        if (!right) {
            throw type.equals("refresh_token")
                    ? DeribitAnswer.unauthorized()
                    : new Failure(13004, "invalid_credentials", null);
        }
        refreshToken = UUID.randomUUID().toString();
        String scope = Json.string(params, "scope");
        String state = Json.string(params, "state");
        return "{\"token_type\":\"bearer\",\"scope\":" + Json.quote(scope.isEmpty() ? "connection" : scope)
                + (state.isEmpty() ? "" : ",\"state\":" + Json.quote(state))
                + ",\"refresh_token\":\"" + refreshToken + "\",\"expires_in\":" + options.expiresIn()
                + ",\"access_token\":\"" + UUID.randomUUID() + "\"}";
    }

    private String signature(JsonObject params) {
        JsonElement timestamp = params.get("timestamp");
        String text = (timestamp == null ? "" : timestamp.getAsString()) + "\n" + Json.string(params, "nonce") + "\n"
                + Json.string(params, "data");
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(options.clientSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}
