package io.daxconv.converter.load;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads or converts into a {@link LoopPmem} until it comes to a point where it is killed. */
final class PmemProbe implements LoadListener, ConversionListener {
  private final String point;
  private String pass = "";

  private PmemProbe(String point) {
    this.point = point;
  }

  /**
   * Runs, says that it is there on standard output, and waits for its end.
   *
   * @param args the device's directory; {@code load} or {@code convert}; the image or a tar; the
   *     point: the name of a pass, with {@code +} for when a part of it is done
   */
  public static void main(String[] args) throws IOException {
    PmemProbe probe = new PmemProbe(args[3]);
    Loader loader = LoopPmem.loader(Path.of(args[0]));
    Path from = Path.of(args[2]);
    if (args[1].equals("load")) {
      loader.load(from, probe);
      return;
    }
    try (MemoryOutput output = loader.output(from.toString(), -1)) {
      Converter.convert(
          TestImages.of(Files.readAllBytes(from)), output, ConversionOptions.DEFAULT, probe);
      output.finish(null, probe);
    }
  }

  private void at(String reached) {
    if (reached.equals(point)) {
      System.out.println(reached);
      while (true) {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
          System.err.println("interrupted");
        }
      }
    }
  }

  @Override
  public void started(String what, long total) {
    pass = what;
    at(what);
  }

  @Override
  public void reached(long bytes) {
    at(pass + "+");
  }

  @Override
  public void layerFinished(int index, long blobBytes, long tarBytes, long entries) {
    at("layer+");
  }

  @Override
  public void writing(long totalSize) {
    at("metadata");
  }
}
