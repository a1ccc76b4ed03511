package io.holdfast.client.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.osgi.GroupHealth.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupHealthTest {
  private static final Member UP = new Member(true, true);
  private static final Member DOWN = new Member(false, true);
  private static final Member STOPPED = new Member(false, false);
  private static final Member STOPPED_BUT_LINGERING = new Member(true, false);

  @Test
  void isHealthyWhenWhatOughtToBeUpIs() {
    assertThat(GroupHealth.healthy(List.of(UP, UP))).isTrue();
    assertThat(GroupHealth.healthy(List.of(UP, STOPPED))).isTrue();
    assertThat(GroupHealth.healthy(List.of(UP, STOPPED_BUT_LINGERING))).isTrue();
  }

  @Test
  void oneThatIsDownMakesItUnhealthy() {
    assertThat(GroupHealth.healthy(List.of(UP, DOWN))).isFalse();
  }

  @Test
  void nothingUpIsNotHealthy() {
    assertThat(GroupHealth.healthy(List.of())).isFalse();
    assertThat(GroupHealth.healthy(List.of(STOPPED, STOPPED))).isFalse();
  }
}
