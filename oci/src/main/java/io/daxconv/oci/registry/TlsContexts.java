package io.daxconv.oci.registry;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.hosts.RegistryHost.ClientCertificate;
import io.daxconv.oci.hosts.RegistryHost.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed, and which are shown. */
final class TlsContexts {
  private TlsContexts() {}

  /**
   * The Java platform's authorities and those of PEM files, and the client's own certificates.
   *
   * @param caFile one more such file, or null
   * @throws SourceException if a file does not hold what it should
   */
  static SSLContext of(TlsSettings settings, @Nullable Path caFile) throws IOException {
    List<Path> authorities = new ArrayList<>(settings.authorities());
    if (caFile != null) {
      authorities.add(caFile);
    }
    try {
      if (authorities.isEmpty() && settings.clients().isEmpty() && !settings.unverified()) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          clients(settings.clients()),
          settings.unverified()
              ? new TrustManager[] {new AnyCertificate()}
              : managers(trusted(authorities)),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static KeyStore trusted(List<Path> files) throws GeneralSecurityException, IOException {
    KeyStore trusted = empty();
    int count = 0;
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager platform) {
        for (X509Certificate certificate : platform.getAcceptedIssuers()) {
          trusted.setCertificateEntry("platform" + count++, certificate);
        }
      }
    }
    for (Path file : files) {
      for (Certificate certificate : read("CA file", file)) {
        trusted.setCertificateEntry("file" + count++, certificate);
      }
    }
    return trusted;
  }

  private static TrustManager[] managers(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] clients(List<ClientCertificate> clients)
      throws GeneralSecurityException, IOException {
    if (clients.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    // The store is never written: its password protects nothing.
    char[] password = new char[0];
    for (ClientCertificate client : clients) {
      Certificate[] chain =
          read("client certificate", client.certificate()).toArray(Certificate[]::new);
      store.setKeyEntry(
          "client" + store.size(),
          PemKey.read(client.key(), chain[0].getPublicKey()),
          password,
          chain);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static Collection<? extends Certificate> read(String what, Path file)
      throws IOException, CertificateException {
    String label = what + " " + Escapes.quote(file.toString());
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(file)) {
      certificates = factory.generateCertificates(PemKey.certificatesOf(in));
    } catch (NoSuchFileException e) {
      throw new SourceException(label + ": expected a file, found nothing", e);
    } catch (CertificateException e) {
      throw new SourceException(label + ": expected certificates in PEM, found something else", e);
    } catch (IOException e) {
      throw new SourceException(label + ": cannot be read: " + FailureReason.of(e), e);
    }
    if (certificates.isEmpty()) {
      throw new SourceException(label + ": expected certificates in PEM, found none");
    }
    return certificates;
  }
}
