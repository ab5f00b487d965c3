package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {

  @Test
  void readsParametersQuotedAndNot() {
    assertThat(
            Challenge.parse(
                List.of("Bearer realm=\"https://a/b?c=d\",service=x , scope=\"r:a/b:pull,push\"")))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of("realm", "https://a/b?c=d", "service", "x", "scope", "r:a/b:pull,push")));
  }

  @Test
  void readsSeveralInOneHeaderAndInSeveral() {
    assertThat(Challenge.parse(List.of("Negotiate, Basic realm=\"a \\\"b\\\"\"", "BEARER Realm=c")))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a \"b\"")),
            new Challenge("bearer", Map.of("realm", "c")));
  }

  @Test
  void endsAtWhatItDoesNotUnderstand() {
    assertThat(Challenge.parse(List.of("", ",,", "=", "\"x\"", "Basic realm=\"open")))
        .containsExactly(new Challenge("basic", Map.of("realm", "open")));
  }
}
