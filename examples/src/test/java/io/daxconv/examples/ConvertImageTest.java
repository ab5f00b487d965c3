package io.daxconv.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertImageTest {
  @Test
  void convertsChecksAndPlans(@TempDir Path directory) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ConvertImage.run(
        "oci:hello-image",
        directory.resolve("hello.daxfs"),
        Map.of("HOME", directory.toString()),
        new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("8 files, sha256 ")
        .contains("\nsound\nentrypoint [\"/usr/bin/hello\"]\n#!/bin/sh\n")
        .contains("device='dax0.0'");
  }
}
