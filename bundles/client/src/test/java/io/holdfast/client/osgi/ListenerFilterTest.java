package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.api.client.MessageListener;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Filter;

class ListenerFilterTest {
  private static boolean wanted(String clientId, Object property) {
    Filter filter = ListenerTracker.filter(clientId);
    return filter.matches(Map.of("objectClass", new String[] {MessageListener.class.getName()}, "client.id", property));
  }

  @Test
  void onlyListenersThatNameTheClientAreWanted() {
    assertThat(wanted("deribit", "deribit")).isTrue();
    assertThat(wanted("deribit", new String[] {"binance", "deribit"})).isTrue();
    assertThat(wanted("deribit", "deribit2")).isFalse();
  }

  @Test
  void anIdIsNoPattern() {
    assertThat(wanted("a*(b)\\c", "a*(b)\\c")).isTrue();
    assertThat(wanted("a*", "abc")).isFalse();
  }
}
