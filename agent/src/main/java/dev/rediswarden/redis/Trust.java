package dev.rediswarden.redis;

import dev.rediswarden.socket.AnyCertificate;
import dev.rediswarden.socket.TlsManagers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

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
            context.init(
                    null,
                    signed ? TlsManagers.descendingFrom(authorities) : new TrustManager[] {new AnyCertificate()},
                    null);
            return context.getSocketFactory();
        } catch (SSLException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw new SSLException("cannot read the certificates in " + authorities, e);
        }
    }
}
