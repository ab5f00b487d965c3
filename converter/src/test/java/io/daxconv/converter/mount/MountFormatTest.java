package io.daxconv.converter.mount;

import static io.daxconv.converter.testing.Golden.assertGolden;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountFormatTest {
  private static final String ODD = "/srv/it's a:b,c\\d \"e\" $(f) `g` é\nh";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phys:0x100000000:2097152",
        "device-dax:dax0.0",
        "dma-buf",
        "file",
        "pmem:/dev/pmem0"
      })
  void writesShell(String target) throws Exception {
    String script = MountFormat.SHELL.render(plan(target));
    assertGolden(MountFormatTest.class, kind(target) + ".sh", script);
    assertThat(shell(script, "-n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phys:0x100000000:2097152",
        "device-dax:dax0.0",
        "dma-buf",
        "file",
        "pmem:/dev/pmem0"
      })
  void writesJson(String target) throws IOException {
    assertGolden(
        MountFormatTest.class, kind(target) + ".json", MountFormat.JSON.render(plan(target)));
  }

  @Test
  void quotesForTheShell() throws Exception {
    for (String text : List.of("", "'", "''", "a'b", ODD, "-n", "\\", "$HOME", "!x", "*")) {
      assertThat(shell("printf %s " + ShellScript.quote(text))).isEqualTo(text);
    }
  }

  @Test
  void keepsPathsInBothFormats() throws Exception {
    MountPlan plan = plan(ODD, "dma-buf");
    JsonNode json = new ObjectMapper().readTree(MountFormat.JSON.render(plan));
    assertThat(json.at("/image/path").textValue()).isEqualTo(ODD + "/x.daxfs");
    assertThat(json.at("/containers/1/merged").textValue()).isEqualTo(ODD + "/c2/merged");
    String script = MountFormat.SHELL.render(plan).replace("main \"$@\"", "printf %s \"$root\"");
    assertThat(shell(script)).isEqualTo(ODD);
  }

  @Test
  void neverHandsADmaBufToMount() throws IOException {
    assertThat(MountFormat.SHELL.render(plan("dma-buf"))).doesNotContain("dmabuf=");
    assertThat(MountFormat.JSON.render(plan("dma-buf"))).doesNotContain("dmabuf=");
  }

  @Test
  void saysWhichViewAndWhy() throws IOException {
    MountPlan plan = plan("file");
    JsonNode json = new ObjectMapper().readTree(MountFormat.JSON.render(plan));
    assertThat(json.get("view").textValue()).isEqualTo("erofs");
    assertThat(json.get("view_reason").textValue()).isEqualTo("it was asked for");
    assertThat(json.at("/base/source").textValue()).isEqualTo(plan.image().toString());
    assertThat(MountFormat.SHELL.render(plan))
        .contains("\n# The image is mounted as EROFS: it was asked for.\n");
  }

  @Test
  void growsOnlyByContainersInJson() throws IOException {
    MountPlan many =
        MountPlan.of(
            "x",
            Path.of("/x"),
            4096,
            4096,
            BaseTarget.parse("dma-buf"),
            Path.of("/run/x"),
            MountPlan.MOST_CONTAINERS);
    JsonNode json = new ObjectMapper().readTree(MountFormat.JSON.render(many));
    assertThat(json.get("containers")).hasSize(MountPlan.MOST_CONTAINERS);
    assertThat(MountFormat.SHELL.render(many)).hasSizeLessThan(16 << 10);
  }

  private static String kind(String target) {
    int colon = target.indexOf(':');
    return colon < 0 ? target : target.substring(0, colon);
  }

  private static MountPlan plan(String target) throws MountPlanException {
    return plan("/run/daxconv/a:b", target);
  }

  private static MountPlan plan(String root, String target) throws MountPlanException {
    Path directory = Path.of(root);
    return MountPlan.of(
        "debian-12",
        directory.resolve("x.daxfs"),
        1_998_848,
        4096,
        BaseTarget.parse(target),
        directory,
        2);
  }

  /** What a shell prints that reads the script from its standard input. */
  private static String shell(String script, String... options)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh");
    builder.command().addAll(List.of(options));
    Process shell = builder.redirectErrorStream(true).start();
    try (Writer in = new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8)) {
      in.write(script);
    }
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }
}
