// SPDX-License-Identifier: Apache-2.0
package io.holdfast.simulator.internal.exchange;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.holdfast.simulator.SimulatorOptions;
import io.holdfast.simulator.internal.exchange.DeribitAccounts.Grant;
import io.holdfast.simulator.internal.exchange.DeribitAnswer.Failure;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code public/auth} on one connection: of the connection's own scope, or of a session with a name. */
final class DeribitLogin {

    private static final String SESSION = "session:";

    private final SimulatorOptions options;
    private final DeribitAccounts accounts;
    private final int connection;
    private Grant grant; // null before the first log-in

    DeribitLogin(SimulatorOptions options, DeribitAccounts accounts, int connection) {
        this.options = options;
        this.accounts = accounts;
        this.connection = connection;
    }

    boolean done() {
        return grant != null && grant.holds(System.nanoTime());
    }

    /** Whether a private call may be made: logged in, or with a token that is good on this connection. */
    boolean allows(JsonObject params) {
        String token = Json.string(params, "access_token");
        return token.isEmpty() ? done() : accounts.accepts(token, connection, System.nanoTime());
    }

    void ended() {
        if (grant != null) {
            accounts.ended(grant);
        }
    }

    void invalidate() {
        if (grant != null) {
            accounts.invalidate(grant);
        }
    }

    String answer(JsonObject params) throws Failure {
        String type = Json.string(params, "grant_type");
        String scope = Json.string(params, "scope");
        long now = System.nanoTime();
        switch (type) {
            case "client_credentials", "client_signature" -> {
                if (accounts.overLimit(now)) {
                    throw new Failure(12003, "login_over_limit", null);
                }
                if (!right(type, params)) {
                    accounts.refused(now);
                    throw new Failure(13004, "invalid_credentials", null);
                }
                ended();
                grant = accounts.login(connection, session(scope), now);
            }
            case "refresh_token" -> {
                Grant known = accounts.byRefreshToken(Json.string(params, "refresh_token"), connection);
                if (known == null) {
                    throw DeribitAnswer.unauthorized();
                }
                accounts.renew(known, now);
                grant = known;
            }
            default -> throw DeribitAnswer.invalid("unsupported value", "grant_type");
        }
        String state = Json.string(params, "state");
        return "{\"token_type\":\"bearer\",\"scope\":" + Json.quote(scope.isEmpty() ? "connection" : scope)
                + (state.isEmpty() ? "" : ",\"state\":" + Json.quote(state))
                + ",\"refresh_token\":\"" + grant.refresh() + "\",\"expires_in\":" + options.expiresIn()
                + ",\"access_token\":\"" + grant.access() + "\"}";
    }

    private boolean right(String type, JsonObject params) {
        boolean known = Json.string(params, "client_id").equals(options.clientId());
        return type.equals("client_signature")
                ? known && same(Json.string(params, "signature"), signature(params))
                : known && same(Json.string(params, "client_secret"), options.clientSecret());
    }

    private static boolean same(String given, String right) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    private static String session(String scope) {
        return Arrays.stream(scope.split(" "))
                .filter(part -> part.startsWith(SESSION))
                .map(part -> part.substring(SESSION.length()))
                .findFirst()
                .orElse("");
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
