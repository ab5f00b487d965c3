package io.daxconv.oci.hosts;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.hosts.RegistryHost.ClientCertificate;
import io.daxconv.oci.hosts.RegistryHost.TlsSettings;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A registry's certificates by the names of files: {@code *.crt} authorities, {@code *.cert} and
 * {@code *.key} pairs that tell the registry who asks (containers-certs.d(5), which Docker and
 * containerd have too).
 */
final class CertificateDirectory {
  private CertificateDirectory() {}

  /** What the directories of a registry have in addition to these settings. */
  static TlsSettings add(TlsSettings known, List<Path> directories) throws SourceException {
    List<Path> authorities = new ArrayList<>(known.authorities());
    List<ClientCertificate> clients = new ArrayList<>(known.clients());
    for (Path directory : directories) {
      for (Path file : files(directory)) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".crt")) {
          authorities.add(file);
        } else if (name.endsWith(".cert")) {
          Path key = file.resolveSibling(name.substring(0, name.length() - 5) + ".key");
          if (!Files.exists(key)) {
            throw new SourceException(
                "client certificate %s: expected its key %s, found nothing"
                    .formatted(Escapes.quote(file.toString()), Escapes.quote(key.toString())));
          }
          clients.add(new ClientCertificate(file, key));
        }
      }
    }
    return new TlsSettings(authorities, clients, known.unverified());
  }

  private static Iterable<Path> files(Path directory) {
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      found.forEach(files::add);
    } catch (IOException | DirectoryIteratorException absent) {
      // Few registries have one.
      return files;
    }
    return files;
  }
}
