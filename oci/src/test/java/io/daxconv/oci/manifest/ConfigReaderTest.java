package io.daxconv.oci.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a config blob may say, so that the annex can hold it. */
class ConfigReaderTest {
  private static ImageConfig read(String config) throws SourceException {
    String json =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":"
            + config
            + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
    return ConfigReader.read("config", Digest.sha256(json.getBytes(UTF_8)), json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,2]", "\"x\"", "7", "true"})
  void aConfigThatIsNoObjectIsAnError(String config) {
    assertThatThrownBy(() -> read(config))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("config: expected an object");
  }

  @Test
  void noConfigIsNone() throws SourceException {
    assertThat(read("null").json().get("config").isNull()).isTrue();
  }

  @Test
  void numbersStayAsTheyAre() throws SourceException {
    ImageConfig config = read("{\"X\":1e99999,\"Y\":0.12345678901234567890123456789}");

    assertThat(config.json().get("config"))
        .hasToString("{\"X\":1E+99999,\"Y\":0.12345678901234567890123456789}");
  }
}
