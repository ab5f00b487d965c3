/** Opens images: registries, OCI layouts, archives, directories and flat tars. */
@org.jspecify.annotations.NullMarked
module io.daxconv.oci {
  requires transitive io.daxconv.converter;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires com.fasterxml.jackson.dataformat.toml;
  requires com.google.cloud.tools.jib;
  requires java.net.http;
  requires org.apache.commons.compress;

  exports io.daxconv.oci;
  exports io.daxconv.oci.batch;
  exports io.daxconv.oci.publish;
  exports io.daxconv.oci.registry to
      io.daxconv.cli;
}
