/**
 * Flattens container image layers and writes, reads, checks and mounts DAXFS images. It knows no
 * registry.
 */
@org.jspecify.annotations.NullMarked
module io.daxconv.converter {
  requires static transitive org.jspecify;
  requires transitive com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;

  exports io.daxconv.converter;
  exports io.daxconv.converter.annex;
  exports io.daxconv.converter.browse;
  exports io.daxconv.converter.daxfs;
  exports io.daxconv.converter.erofs;
  exports io.daxconv.converter.files;
  exports io.daxconv.converter.kernel;
  exports io.daxconv.converter.format to
      io.daxconv.cli;
  exports io.daxconv.converter.load;
  exports io.daxconv.converter.mount;
  exports io.daxconv.converter.mount.format;
  exports io.daxconv.converter.mount.process;
  exports io.daxconv.converter.running;
  exports io.daxconv.converter.source;
  exports io.daxconv.converter.stored;
  exports io.daxconv.converter.text;
  exports io.daxconv.converter.verify;
}
