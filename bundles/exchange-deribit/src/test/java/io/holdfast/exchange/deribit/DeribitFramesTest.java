// SPDX-License-Identifier: Apache-2.0
package io.holdfast.exchange.deribit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.api.exchange.Answer;
import io.holdfast.api.exchange.Event;
import io.holdfast.api.exchange.Failure;
import io.holdfast.api.exchange.Failure.Act;
import io.holdfast.api.exchange.Inbound;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeribitFramesTest {
    private static Answer answer(String frame) {
        Inbound inbound = DeribitFrames.decode(frame);
        assertThat(inbound).isInstanceOf(Answer.class);
        return (Answer) inbound;
    }

    @Test
    @DisplayName("D1, D4: an answer has the id of its call, text or number; null counts as none")
    void idsComeBack() {
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":\"hf7\",\"result\":\"ok\",\"usIn\":1}")
                        .id())
                .isEqualTo("hf7");
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"ok\"}").id())
                .isEqualTo("7");
        assertThat(DeribitFrames.decode("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":\"ok\"}"))
                .isEqualTo(Event.NONE);
    }

    @Test
    @DisplayName("numbers keep their digits: exponents, ids above 2^53")
    void digitsAreKept() {
        String result = "{\"order_id\":9007199254740993,\"price\":1.0002e6,\"amount\":0.10}";
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":\"hf1\",\"result\":" + result + "}")
                        .result())
                .isEqualTo(result);
    }

    @Test
    @DisplayName("a list of texts is a list, anything else is not")
    void lists() {
        assertThat(answer("{\"id\":\"hf1\",\"result\":[\"b\",\"a\"]}").listed()).containsExactly("b", "a");
        assertThat(answer("{\"id\":\"hf1\",\"result\":[]}").listed()).isEmpty();
        assertThat(answer("{\"id\":\"hf1\",\"result\":[1,\"a\"]}").listed()).isEmpty();
    }

    @Test
    @DisplayName("an error without id is no answer to the oldest call")
    void errorWithoutId() {
        Inbound inbound = DeribitFrames.decode(
                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":11050,\"data\":\"invalid json\",\"message\":\"bad_request\"},\"testnet\":false}");
        assertThat(inbound).isInstanceOf(Event.class);
        assertThat(((Event) inbound).failure().orElseThrow().toString())
                .isEqualTo("11050 bad_request \"invalid json\"");
    }

    @Test
    @DisplayName("D18: an object that is neither request nor answer is nothing, and what is no JSON is told as such")
    void neither() {
        assertThat(DeribitFrames.decode("{\"jsonrpc\":\"2.0\"}")).isEqualTo(Event.NONE);
        assertThat(DeribitFrames.decode("[1]")).isEqualTo(Event.NONE);
        assertThatThrownBy(() -> DeribitFrames.decode("{\"id\":\"hf1\",secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    @DisplayName("an error of whatever form is a refusal; null is none")
    void oddErrors() {
        assertThat(answer("{\"id\":\"hf1\",\"error\":\"too many\"}").failure())
                .contains(Failure.of("", "\"too many\"", Act.NONE));
        assertThat(answer("{\"id\":\"hf1\",\"error\":null,\"result\":\"ok\"}").accepted())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10028, WAIT", "12003, WAIT", "13004, REFUSED", "13009, LOG_IN", "10048, RECONNECT", "13888, UNKNOWN",
                "10040, LATER",
        "10041, LATER", "10047, LATER", "10066, LATER", "13025, LATER", "13028, LATER", "13503, LATER", "13778, NONE",
        "-32602, NONE", "10049, NONE", "99999, NONE"
    })
    void errorsMean(int code, Act act) {
        Answer answer = answer("{\"id\":\"hf1\",\"error\":{\"code\":" + code + ",\"message\":\"m\"}}");
        assertThat(answer.accepted()).isFalse();
        assertThat(answer.failure().orElseThrow().act()).isEqualTo(act);
        assertThat(answer.failure().orElseThrow().code()).isEqualTo("" + code);
    }
}
