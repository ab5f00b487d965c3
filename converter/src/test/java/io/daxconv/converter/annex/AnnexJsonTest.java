package io.daxconv.converter.annex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnexJsonTest {
  private static final Digest D1 = Digest.sha256(new byte[] {1});
  private static final Digest D2 = Digest.sha256(new byte[] {2});
  private static final String START = "{\"format\":\"daxconv-annex\",\"version\":1,";

  private static Annex annex() throws Exception {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("user.b", new byte[0]);
    xattrs.put("security.capability", new byte[] {1, 0, 0, 2, (byte) 0xff});
    return new Annex(
        "registry.example/app:1",
        D1,
        new Platform("linux", "arm64", "v8"),
        List.of(D1, D2),
        json("{\"Cmd\":[\"sh\"],\"Labels\":{\"n\":\"é\\ud800\",\"z\":1.50},\"a\":1e2}"),
        new Provenance("registry.example/app:1", D2, D1, List.of(D2)),
        List.of(new FileXattrs("/bin/ping", xattrs)),
        List.of(new SpecialFile("/dev/null", "character-device", 0666, 0, 4294967295L, 1, 3)),
        List.of(new Remark("symlink-replaced-by-directory", "/lib", "layer 2 of 2 has “/lib/x”")));
  }

  private static JsonNode json(String text) throws Exception {
    return AnnexJson.MAPPER.readTree(text);
  }

  private static Annex read(String json) throws CorruptImageException {
    return AnnexJson.read("annex", MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void hasGoldenBytes() throws Exception {
    assertThat(new String(AnnexJson.toBytes(annex()), StandardCharsets.US_ASCII))
        .isEqualTo(
            START
                + "\"image\":{\"reference\":\"registry.example/app:1\",\"id\":\""
                + D1
                + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"},"
                + "\"diff_ids\":[\""
                + D1
                + "\",\""
                + D2
                + "\"],\"config\":{\"Cmd\":[\"sh\"],\"Labels\":{\"n\":\"\\u00E9\\uD800\",\"z\":1.50},"
                + "\"a\":1E+2}},"
                + "\"source\":{\"reference\":\"registry.example/app:1\",\"index_digest\":\""
                + D2
                + "\",\"manifest_digest\":\""
                + D1
                + "\",\"layer_digests\":[\""
                + D2
                + "\"]},"
                + "\"left_out\":{\"times\":\"DAXFS v8 holds no times; all files show 1970-01-01\","
                + "\"xattrs\":[{\"path\":\"/bin/ping\",\"xattrs\":"
                + "{\"security.capability\":\"AQAAAv8=\",\"user.b\":\"\"}}],"
                + "\"special_files\":[{\"path\":\"/dev/null\",\"type\":\"character-device\","
                + "\"mode\":\"0666\",\"uid\":0,\"gid\":4294967295,\"major\":1,\"minor\":3}]},"
                + "\"remarks\":[{\"id\":\"symlink-replaced-by-directory\",\"path\":\"/lib\","
                + "\"detail\":\"layer 2 of 2 has \\u201C/lib/x\\u201D\"}]}");
  }

  @Test
  void theLeastHasGoldenBytes() {
    Annex least =
        new Annex("dir", null, null, List.of(), null, null, List.of(), List.of(), List.of());

    assertThat(new String(AnnexJson.toBytes(least), StandardCharsets.US_ASCII))
        .isEqualTo(
            START
                + "\"image\":{\"reference\":\"dir\",\"diff_ids\":[]},"
                + "\"left_out\":{\"times\":\"DAXFS v8 holds no times; all files show 1970-01-01\","
                + "\"xattrs\":[],\"special_files\":[]},\"remarks\":[]}");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    byte[] bytes = AnnexJson.toBytes(annex());
    Annex read = AnnexJson.read("annex", MemorySegment.ofArray(bytes));

    assertThat(read).usingRecursiveComparison().isEqualTo(annex());
    assertThat(AnnexJson.toBytes(read)).isEqualTo(bytes);
  }

  @Test
  void anyJsonParserReadsIt() throws Exception {
    JsonNode tree = JsonMapper.builder().build().readTree(AnnexJson.toBytes(annex()));

    assertThat(tree.at("/image/config/Labels/n").textValue()).isEqualTo("é\ud800");
    assertThat(tree.at("/left_out/xattrs/0/xattrs/security.capability").binaryValue())
        .containsExactly(1, 0, 0, 2, 0xff);
  }

  @Test
  void passesOverUnknownKeysInAnyOrder() throws Exception {
    Annex read =
        read(
            START
                + "\"new\":{\"a\":[{}]},\"remarks\":[{\"detail\":\"d\",\"x\":[1],\"path\":\"/\","
                + "\"id\":\"i\"}],\"image\":{\"y\":null,\"reference\":\"r\"}}");

    assertThat(read.reference()).isEqualTo("r");
    assertThat(read.remarks()).containsExactly(new Remark("i", "/", "d"));
  }

  @Test
  void holdsManyEntries() throws Exception {
    StringBuilder json =
        new StringBuilder(START + "\"image\":{\"reference\":\"r\"},\"left_out\":{");
    json.append("\"special_files\":[");
    for (int i = 0; i < 100_000; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"path\":\"/")
          .append(i)
          .append("\",\"type\":\"fifo\"}");
    }

    assertThat(read(json + "]}}").specialFiles())
        .hasSize(100_000)
        .endsWith(new SpecialFile("/99999", "fifo", 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|byte 0, \"\": expected an object, found the end",
        "[]|byte 0, \"\": expected an object, found an array",
        "{}|expected \"format\":\"daxconv-annex\" first, found \"\"",
        "{\"format\":\"x\"}|expected \"format\":\"daxconv-annex\" first, found \"x\"",
        "{\"format\":\"daxconv-annex\",\"version\":2,\"image\":7}|byte 36, \"/version\": expected version 1, found 2, of a newer daxconv",
        "{\"format\":\"daxconv-annex\",\"version\":0}|expected version 1, found 0",
        "{\"format\":\"daxconv-annex\",\"image\":0}|expected \"version\" second",
        "{\"format\":\"daxconv-annex\",\"version\":1}|expected the key \"image\", found none",
        "{\"format\":\"daxconv-annex\",\"version\":1|Unexpected end-of-input",
      })
  void saysWhereItIsBroken(String json, String message) {
    assertThatThrownBy(() -> read(json == null ? "" : json))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageStartingWith("annex: byte ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"image\":{}}|expected the key \"reference\", found none",
        "\"image\":{\"reference\":1}}|\"/image/reference\": expected a string, found a number",
        "\"image\":{\"id\":\"sha256:0\"}}|\"/image/id\": expected a digest, found \"sha256:0\"",
        "\"image\":{\"diff_ids\":[7]}}|\"/image/diff_ids/0\": expected a string",
        "\"image\":{\"diff_ids\":[\"md5:1\"]}}|\"/image/diff_ids/0\": expected a digest, found \"md5:1\"",
        "\"image\":{\"config\":[]}}|\"/image/config\": expected an object, found an array",
        "\"image\":{\"platform\":{\"os\":\"linux\"}}}|expected the key \"architecture\"",
        "\"left_out\":{\"xattrs\":[[]]}}|\"/left_out/xattrs/0\": expected an object",
        "\"left_out\":{\"xattrs\":[{\"xattrs\":{}}]}}|expected the key \"path\"",
        "\"left_out\":{\"xattrs\":[{\"path\":\"/a b\"}]}}|expected printable ASCII without spaces, found \"/a b\"",
        "\"left_out\":{\"xattrs\":[{\"path\":\"/\\u001b\"}]}}|expected printable ASCII without spaces, found \"/%1B\"",
        "\"left_out\":{\"xattrs\":[{\"xattrs\":{\"a\":\"?\"}}]}}|Illegal character",
        "\"left_out\":{\"special_files\":[{\"mode\":\"999\"}]}}|expected four octal digits, found \"999\"",
        "\"left_out\":{\"special_files\":[{\"uid\":-1}]}}|expected a number from 0 to 4294967295, found \"-1\"",
        "\"left_out\":{\"special_files\":[{\"uid\":4294967296}]}}|expected a number from 0 to 4294967295",
        "\"left_out\":{\"special_files\":[{\"uid\":99999999999999999999}]}}|expected a number from 0",
        "\"left_out\":{\"special_files\":[{\"uid\":1.5}]}}|expected a whole number",
        "\"remarks\":{}}|\"/remarks\": expected an array, found an object",
        "\"remarks\":[{\"id\":\"i\"}]}|expected the key \"path\"",
        "\"image\":{\"reference\":\"a\"}}7|expected nothing after the object",
      })
  void saysWhichPartIsBroken(String rest, String message) {
    assertThatThrownBy(() -> read(START + rest))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageStartingWith("annex: byte ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesDeepNesting() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> read(START + "\"new\":" + deep))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void refusesAConfigWithANumberThatNothingHolds() {
    assertThatThrownBy(
            () ->
                read(START + "\"image\":{\"reference\":\"r\",\"config\":{\"x\":6e666666666666}}}"))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("expected numbers that can be held");
  }

  @Test
  void buildsNoTreeOfAConfigThatIsTooLong() {
    String longest = "\"" + "x".repeat(17 << 20) + "\"";
    assertThatThrownBy(() -> read(START + "\"image\":{\"config\":{\"a\":" + longest + "}}}"))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("expected at most 16777216 bytes");
  }

  @Test
  void refusesMoreXattrsThanAFileHas() {
    StringBuilder json = new StringBuilder(START + "\"left_out\":{\"xattrs\":[{\"xattrs\":{");
    for (int i = 0; i <= 10_000; i++) {
      json.append(i == 0 ? "" : ",").append("\"user.").append(i).append("\":\"\"");
    }
    assertThatThrownBy(() -> read(json + "}}]}}"))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("expected at most 10000, found more");
  }

  @Test
  void refusesMoreLayersThanAnImageHas() {
    String digests = ("\"" + D1 + "\",").repeat(10_001);
    assertThatThrownBy(() -> read(START + "\"source\":{\"layer_digests\":[" + digests))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("expected at most 10000, found more");
  }

  @Test
  void randomChangesAreReadOrRefused() throws Exception {
    byte[] sound = AnnexJson.toBytes(annex());
    SplittableRandom random = new SplittableRandom(3);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] changed = sound.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      try {
        AnnexJson.read("annex", MemorySegment.ofArray(changed));
      } catch (CorruptImageException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 4999);
  }
}
