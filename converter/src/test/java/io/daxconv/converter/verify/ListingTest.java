package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.BuiltImage;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.erofs.BuiltView;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ErofsView;
import io.daxconv.converter.erofs.ViewBuilder;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ListingTest {
  private static final String HELLO =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  private static final String ZEROS =
      "7ca5bd879f393d9dd05b14f38add9c0fc6b67928f7f2d261b2e47a32ee8219e3";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static String list(BuiltImage image) throws IOException {
    StringBuilder lines = new StringBuilder();
    Listing.list(DaxfsImage.of("x", image.bytes()), lines);
    return lines.toString();
  }

  @Test
  void hasALineForEachPath() throws Exception {
    assertThat(list(ImageBuilder.sample().build()).replace('\t', ' '))
        .isEqualTo(
            """
            / d 0755 0 0 - - -
            /bin d 0755 0 0 - - -
            /etc d 0750 0 0 - - -
            /etc/a f 0644 1000 4294967294 6 HELLO /etc/a
            /etc/b f 0644 1000 4294967294 6 HELLO /etc/a
            /etc/l l 0777 0 0 - ../usr/data -
            /usr d 0755 0 0 - - -
            /usr/data f 0644 0 0 5000 ZEROS -
            /usr/same f 4755 0 0 5000 ZEROS -
            /usr/zero f 0600 0 0 0 EMPTY -
            """
                .replace("HELLO", HELLO)
                .replace("ZEROS", ZEROS)
                .replace("EMPTY", EMPTY));
  }

  @Test
  void escapesPathsAndTargets() throws Exception {
    assertThat(list(new ImageBuilder(4096).symlink("/a b", "%\n").build()))
        .endsWith("\n/a%20b\tl\t0777\t0\t0\t-\t%25%0A\t-\n");
  }

  private static String listFull(BuiltView image) throws IOException {
    StringBuilder lines = new StringBuilder();
    ErofsView view = Objects.requireNonNull(ErofsView.of("x", image.view().bytes()));
    Listing.listFull(view, lines);
    return lines.toString();
  }

  @Test
  void fullListsWhatDaxfsCannotHold() throws Exception {
    BuiltView image =
        ViewBuilder.of(ImageBuilder.sample().build())
            .special("/bin/n", FileMode.CHARACTER_DEVICE | 0666, ErofsInode.device(1, 3))
            .special("/bin/o", FileMode.BLOCK_DEVICE | 0660, ErofsInode.device(259, 70000))
            .special("/bin/p", FileMode.FIFO | 0644, 0)
            .special("/bin/s", FileMode.SOCKET | 0755, 0)
            .xattr("/usr", "user.b", "hi")
            .xattr("/usr", "user.a", "")
            .time("/etc/l", -1)
            .build();

    assertThat(listFull(image).replace('\t', ' '))
        .isEqualTo(
            """
            / d 0755 0 0 - - - TIME -
            /bin d 0755 0 0 - - - TIME -
            /bin/n c 0666 0 0 - 1:3 - TIME -
            /bin/o b 0660 0 0 - 259:70000 - TIME -
            /bin/p p 0644 0 0 - - - TIME -
            /bin/s s 0755 0 0 - - - TIME -
            /etc d 0750 0 0 - - - TIME -
            /etc/a f 0644 1000 4294967294 6 HELLO /etc/a 1700000000000000000 -
            /etc/b f 0644 1000 4294967294 6 HELLO /etc/a 1700000000000000000 -
            /etc/l l 0777 0 0 - ../usr/data - -1000000000 -
            /usr d 0755 0 0 - - - TIME user.a=,user.b=6869
            /usr/data f 0644 0 0 5000 ZEROS - TIME -
            /usr/same f 4755 0 0 5000 ZEROS - TIME -
            /usr/zero f 0600 0 0 0 EMPTY - TIME -
            """
                .replace("TIME", "1700000000000000500")
                .replace("HELLO", HELLO)
                .replace("ZEROS", ZEROS)
                .replace("EMPTY", EMPTY));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void doesNotHashTheSameBytesForEver() {
    ImageBuilder builder = new ImageBuilder(4096).file("/data", 0644, new byte[1 << 20]);
    for (int i = 0; i < 100; i++) {
      builder.file("/" + i, 0644, new byte[1]);
    }
    BuiltImage image = builder.build();
    for (int i = 0; i < 100; i++) {
      image.u64(image.inode("/" + i) + 24, 0).u64(image.inode("/" + i) + 16, (1 << 20) - i);
    }

    assertThatThrownBy(() -> list(image))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("x: expected files with data of their own, found data that overlaps");
  }
}
