package io.daxconv.converter.mount.format;

import static io.daxconv.converter.testing.Golden.assertGolden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.mount.BaseChoice;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.IdMapping;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.OverlayOptions;
import io.daxconv.converter.mount.OverlayOptions.RedirectDir;
import io.daxconv.converter.mount.OverlayOptions.Xino;
import io.daxconv.converter.mount.PlanDirectories;
import io.daxconv.converter.mount.Upper;
import io.daxconv.converter.mount.process.ImageProcess;
import io.daxconv.converter.mount.process.ImageProcess.Owner;
import io.daxconv.converter.mount.process.ImageUser;
import io.daxconv.converter.source.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SpecFormatTest {
  /** Text that is special to one format or another. */
  static final String ODD = "it's \"$HOME\" %h `id` \\n é #x: {y} --- \t-";

  private static final ImageProcess PROCESS =
      new ImageProcess(
          List.of("/bin/entry", ODD),
          List.of("serve", "--to", "50%", "$PORT"),
          List.of("PATH=/bin", "TEXT=" + ODD, "LINES=a\nb"),
          "/srv/a b",
          "web:www",
          new ImageUser(33, 34, List.of(44L)),
          "SIGQUIT",
          List.of("80/tcp", "443/tcp"),
          Map.of("org.opencontainers.image.stopSignal", "SIGINT"),
          new Platform("linux", "arm64", "v8"),
          new Owner(0, 0, 0755),
          true);

  @ParameterizedTest
  @EnumSource
  void writesWhatItWrote(SpecFormat format) throws IOException {
    String target = format == SpecFormat.KERNEL_CMDLINE ? "phys:0x100000000:0x200000" : "file";
    MountPlan plan = plan(target, new Upper.Directory(Path.of("/run/daxconv/web")));
    StringBuilder all = new StringBuilder();
    for (PlanFile file : format.render(plan, PROCESS)) {
      assertThat(file.text()).endsWith("\n");
      all.append("==> ").append(file.path()).append('\n').append(file.text());
    }
    assertGolden(SpecFormatTest.class, format + ".txt", all.toString());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"KERNEL_CMDLINE", "QEMU", "CLOUD_HYPERVISOR", "FIRECRACKER"})
  void givesContainersOneOfSeveralImages(SpecFormat format) throws IOException {
    String lower = "/run/daxconv/web/base";
    for (Upper upper : List.of(new Upper.Directory(Path.of("/uppers")), new Upper.None())) {
      MountPlan plan = plan("file", upper);
      String before = text(format, plan);
      String after = text(format, plan.withPackedImage("app"));
      assertThat(after).isNotEqualTo(before);
      // All else of a script follows from that line.
      after = after.replace(" lower='base/app'\n", " lower='base'\n");
      after = after.replace("\nlower='base/app'\n", "\nlower='base'\n");
      // In JSON it is said besides.
      after = after.replace(",\n    \"packed\" : \"app\"", "");
      assertThat(after.replace(lower + "/app", lower).replace("=base/app,", "=base,"))
          .isEqualTo(before);
    }
    if (format == SpecFormat.JSON || format == SpecFormat.FSTAB) {
      MountPlan plan = plan("file", new Upper.Directory(Path.of("/uppers")));
      assertGolden(
          SpecFormatTest.class, format + "-packed.txt", text(format, plan.withPackedImage("app")));
    }
  }

  private static String text(SpecFormat format, MountPlan plan) throws MountPlanException {
    StringBuilder all = new StringBuilder();
    for (PlanFile file : format.render(plan, PROCESS)) {
      all.append("==> ").append(file.path()).append('\n').append(file.text());
    }
    return all.toString();
  }

  @ParameterizedTest
  @EnumSource(names = {"KERNEL_CMDLINE", "QEMU", "CLOUD_HYPERVISOR", "FIRECRACKER"})
  void bootsAllOfADeviceOrNothing(SpecFormat format) throws MountPlanException {
    String target = format == SpecFormat.KERNEL_CMDLINE ? "pmem:/dev/pmem0" : "file";
    refuses(
        format,
        plan(target, new Upper.None()).withPackedImage("app"),
        "format "
            + format
            + ": expected a file of one image, whose root is what boots, found --image \"app\", a"
            + " directory in it");
    refuses(
        format,
        plan(target, mapped()),
        "format "
            + format
            + ": expected no id mapping, for what boots has the image's own ids; daxconv up maps them"
            + " for containers");
  }

  @Test
  void mountsPmemAndTmpfsBySystemd() throws IOException {
    StringBuilder all = new StringBuilder();
    MountPlan plan = plan("pmem:/dev/pmem0", new Upper.Tmpfs(OptionalLong.of(1 << 20)));
    for (PlanFile file : SpecFormat.SYSTEMD.render(plan, PROCESS)) {
      all.append("==> ").append(file.path()).append('\n').append(file.text());
    }
    assertGolden(SpecFormatTest.class, "systemd-tmpfs.txt", all.toString());
  }

  @Test
  void keepsTextInBundles() throws IOException {
    MountPlan plan = plan("file", new Upper.None());
    PlanFile file = SpecFormat.OCI_BUNDLE.render(plan, PROCESS).get(1);
    JsonNode config = new ObjectMapper().readTree(file.text());
    assertThat(config.at("/process/args/1").textValue()).isEqualTo(ODD);
    assertThat(config.at("/process/env/2").textValue()).isEqualTo("LINES=a\nb");
    assertThat(config.at("/root/readonly").booleanValue()).isTrue();
    assertThat(config.at("/annotations").get("org.opencontainers.image.stopSignal").textValue())
        .isEqualTo("SIGINT");
  }

  @Test
  void refusesWhatAFormatCannotSay() throws MountPlanException {
    MountPlan dmaBuf = plan("dma-buf", new Upper.None());
    refuses(
        SpecFormat.FSTAB,
        dmaBuf,
        "format fstab: expected a base target that mount(8) can mount (phys, file or pmem), found"
            + " dma-buf:system");
    refuses(
        SpecFormat.QEMU,
        dmaBuf,
        "format qemu: expected the EROFS view, which guests mount; found dma-buf:system");
    refuses(
        SpecFormat.KERNEL_CMDLINE,
        plan("file", new Upper.None()),
        "format kernel-cmdline: expected --target phys:ADDRESS:SIZE or pmem:/dev/pmemN, from which"
            + " a kernel can start, found file");
    refuses(
        SpecFormat.FSTAB,
        plan("file", new Upper.Directory(Path.of("/u,v"))),
        "format fstab: expected a path without any of , : \\ \" and control characters, found"
            + " \"/u,v/c1/upper\"");
    refuses(
        SpecFormat.FSTAB,
        plan("file", new Upper.Tmpfs(OptionalLong.empty())),
        "format fstab: expected upper directories: those of a tmpfs are made after it is mounted;"
            + " the formats shell and systemd do that");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.INCLUDE,
      names = {
        "SHELL",
        "FSTAB",
        "SYSTEMD",
        "OCI_BUNDLE",
        "CONTAINERD",
        "PODMAN",
        "QUADLET",
        "KUBERNETES"
      })
  void leavesIdMappingsToUp(SpecFormat format) throws MountPlanException {
    refuses(
        format,
        plan("file", mapped()),
        "format "
            + format
            + ": expected no id mapping, which takes mount_setattr(2); daxconv up does it");
  }

  private static OverlayOptions mapped() {
    return new OverlayOptions(
        new Upper.Directory(Path.of("/u")),
        false,
        false,
        RedirectDir.ON,
        Xino.ON,
        false,
        null,
        new IdMapping(0, 1, 2));
  }

  @Test
  void escapesFieldsOfFstab() {
    assertThat(Fstab.escape("#a b\t\n\\#")).isEqualTo("\\043a\\040b\\011\\012\\134#");
  }

  @Test
  void namesObjectsOfKubernetes() {
    assertThat(Kubernetes.name("Debian_12.v-")).isEqualTo("daxconv-debian-12-v");
    assertThat(Kubernetes.name("a".repeat(64))).hasSize(50);
  }

  private static void refuses(SpecFormat format, MountPlan plan, String message) {
    assertThatThrownBy(() -> format.render(plan, PROCESS))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(message);
  }

  private static MountPlan plan(String target, Upper upper) throws MountPlanException {
    return plan(target, OverlayOptions.standard(upper));
  }

  private static MountPlan plan(String target, OverlayOptions options) throws MountPlanException {
    return MountPlan.of(
        "web",
        Path.of("/srv/it's 50% $x.daxfs"),
        1_998_848,
        4096,
        BaseChoice.asked(BaseTarget.parse(target)),
        PlanDirectories.below(Path.of("/run/daxconv/web")),
        options,
        List.of("c1", "db-1"));
  }
}
