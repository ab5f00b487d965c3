package io.daxconv.oci.registry;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
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
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed. */
final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * The Java platform's, and those of a PEM file.
   *
   * @param caFile null for the platform's alone
   * @throws SourceException if the file holds none
   */
  static SSLContext context(@Nullable Path caFile) throws IOException {
    try {
      if (caFile == null) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager platform) {
          for (X509Certificate certificate : platform.getAcceptedIssuers()) {
            trusted.setCertificateEntry("platform" + count++, certificate);
          }
        }
      }
      for (Certificate certificate : read(caFile)) {
        trusted.setCertificateEntry("file" + count++, certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(trusted), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up", e);
    }
  }

  private static TrustManager[] managers(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static Collection<? extends Certificate> read(Path caFile)
      throws IOException, CertificateException {
    String label = "CA file " + Escapes.quote(caFile.toString());
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(caFile)) {
      certificates = factory.generateCertificates(in);
    } catch (NoSuchFileException e) {
      throw new SourceException(label + ": expected a file, found nothing", e);
    } catch (CertificateException e) {
      throw new SourceException(label + ": expected certificates in PEM, found something else", e);
    }
    if (certificates.isEmpty()) {
      throw new SourceException(label + ": expected certificates in PEM, found none");
    }
    return certificates;
  }
}
