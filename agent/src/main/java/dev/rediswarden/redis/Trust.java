package dev.rediswarden.redis;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which certificate a TLS server must have; the Java runtime that is shipped brings no authorities of its own.
 *
 * @param authorities PEM certificates, from one of which it must descend
 * @param signed whether it must; without, anybody's will do
 * @param named whether it must be for the host that is asked
 */
record Trust(Path authorities, boolean signed, boolean named) {

    /** Where Debian and Ubuntu keep the certificates that the host trusts (update-ca-certificates(8)). */
    static final Path HOST = Path.of("/etc/ssl/certs/ca-certificates.crt");

    static Trust in(Path pem) {
        return new Trust(pem, true, true);
    }

    /** @throws SSLException where the file cannot be read or holds no certificate */
    SSLSocketFactory sockets() throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, signed ? descending() : new TrustManager[] {new Anybody()}, null);
            return context.getSocketFactory();
        } catch (SSLException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw new SSLException("cannot read the certificates in " + authorities, e);
        }
    }

    private TrustManager[] descending() throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new SSLException("no certificate in " + authorities);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            return managers.getTrustManagers();
        }
    }

    /** For a site whose own client looks at no certificate, which is told as a finding. */
    private static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
