// SPDX-License-Identifier: Apache-2.0
package io.holdfast.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private final Masking masking = new Masking(Set.of("client_id"));

    private String mask(String text) {
        return masking.mask(text, false);
    }

    @Test
    void leavesWhatIsNoSecretAsItIs() {
        String text =
                "{\"params\":{\"channel\":\"book.X\",\"data\":{\"price\": 10.50,\"big\":9007199254740993,\"x\":[1,null]}}}";
        assertThat(mask(text)).isSameAs(text);
        assertThat(mask("ping")).isEqualTo("ping");
        assertThat(mask("")).isEmpty();
    }

    @Test
    void masksTheTokensOfAnAnswerToALogIn() {
        String answer =
                "{\"jsonrpc\":\"2.0\",\"id\":\"hf3\",\"result\":{\"access_token\":\"a\\\"1\",\"expires_in\":900,"
                        + "\"refresh_token\" : \"r,}1\",\"scope\":\"connection\",\"token_type\":\"bearer\"}}";
        assertThat(mask(answer))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"hf3\",\"result\":{\"access_token\":\"***\",\"expires_in\":900,"
                                + "\"refresh_token\" : \"***\",\"scope\":\"connection\",\"token_type\":\"bearer\"}}");
    }

    @Test
    void masksNumbersObjectsAndListsOfSecretMembers() {
        String masked = mask("{\"a\":{\"secrets\":{\"x\":1,\"y\":[true,\"z\"]},\"b\":2},\"apiKey\":123,\"c\":[\"d\"]}");
        assertThat(masked)
                .isEqualTo(
                        "{\"a\":{\"secrets\":{\"x\":\"***\",\"y\":[\"***\",\"***\"]},\"b\":2},\"apiKey\":\"***\",\"c\":[\"d\"]}");
    }

    @Test
    void masksFurtherNames() {
        assertThat(mask("{\"client_id\":\"me\"}")).isEqualTo("{\"client_id\":\"***\"}");
    }

    @Test
    void aFrameTheEngineMarkedKeepsOnlyWhatNamesTheRequest() {
        String auth = "{\"jsonrpc\":\"2.0\",\"id\":\"hf3\",\"method\":\"public/auth\",\"params\":{\"grant_type\":"
                + "\"client_signature\",\"timestamp\":17,\"nonce\":\"n1\",\"data\":[\"d\"],\"scope\":\"s\"}}";
        assertThat(masking.mask(auth, true))
                .isEqualTo(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"hf3\",\"method\":\"public/auth\",\"params\":{\"grant_type\":"
                                + "\"client_signature\",\"timestamp\":\"***\",\"nonce\":\"***\",\"data\":[\"***\"],\"scope\":\"***\"}}");
        assertThat(masking.mask("LOGIN me planted", true)).isEqualTo("***");
        assertThat(masking.mask("[\"auth\",\"planted\"]", true)).isEqualTo("[\"***\",\"***\"]");
    }

    @Test
    void brokenTextsEndSomehow() {
        for (String text : new String[] {"{\"token\":\"a", "{\"token\":", "{\"a\\", "\"", "}}]]", "{\"token\":\"x\\"}) {
            assertThat(mask(text)).as(text).hasSizeLessThan(text.length() + 6);
        }
        assertThat(mask("{\"token\":\"abc")).doesNotContain("abc");
    }

    @Test
    void whatIsMaskedIsStillJson() {
        String masked = mask("{\"password\":-1.5e3,\"signature\":null,\"x\":{\"secret\":[],\"y\":1}}");
        assertThat(JsonParser.parseString(masked).getAsJsonObject().get("x").toString())
                .isEqualTo("{\"secret\":[],\"y\":1}");
        assertThat(masked).doesNotContain("1.5");
    }
}
