// SPDX-License-Identifier: Apache-2.0
package io.holdfast.examples.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class OpenOrdersTest {
    private final OpenOrders orders = new OpenOrders();

    private void update(String id, String state) {
        orders.update(JsonParser.parseString("{\"order_id\":\"" + id + "\",\"order_state\":\"" + state + "\"}"));
    }

    private boolean answer(long asked, String list) {
        return orders.answered(asked, JsonParser.parseString(list).getAsJsonArray());
    }

    @Test
    void theAnswerReplacesWhatWasBelieved() {
        update("a", "open");
        long asked = orders.asking();
        assertThat(orders.known()).isFalse();
        assertThat(answer(asked, "[{\"order_id\":\"b\",\"order_state\":\"open\"}]"))
                .isTrue();
        assertThat(orders.ids()).containsExactly("b");
        assertThat(orders.known()).isTrue();
    }

    @Test
    void whatTheChannelSaidMeanwhileIsNewer() {
        long asked = orders.asking();
        update("a", "filled");
        update("b", "open");
        assertThat(answer(asked, "[{\"order_id\":\"a\",\"order_state\":\"open\"}]"))
                .isTrue();
        assertThat(orders.ids()).containsExactly("b");
    }

    @Test
    void anAnswerFromBeforeALossIsNotBelieved() {
        long asked = orders.asking();
        orders.doubt();
        assertThat(answer(asked, "[]")).isFalse();
        assertThat(orders.known()).isFalse();
        assertThat(answer(orders.asking(), "[]")).isTrue();
    }
}
