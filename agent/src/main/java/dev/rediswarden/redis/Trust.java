package dev.rediswarden.redis;

import dev.rediswarden.socket.AnyCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

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
            context.init(null, signed ? descending() : new TrustManager[] {new AnyCertificate()}, null);
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
}
