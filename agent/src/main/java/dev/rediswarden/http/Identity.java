package dev.rediswarden.http;

import dev.rediswarden.socket.Pem;
import dev.rediswarden.socket.TlsManagers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What a listener proves itself with.
 *
 * @param begins when it counts from on; of the chain, where the last begins
 * @param ends when it ends; of the chain, where the first ends
 */
record Identity(SSLContext context, Instant begins, Instant ends) {

    /** Those with forward secrecy and authenticated encryption alone (RFC 9325, 4.2). */
    private static final String[] CIPHERS = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    };

    /** @throws IOException where they cannot be read, or do not belong together */
    static Identity of(Path certificateFile, Path keyFile) throws IOException {
        List<X509Certificate> chain = Pem.certificates(certificateFile);
        PrivateKey key = Pem.key(keyFile, chain.get(0).getPublicKey());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    TlsManagers.proving(chain, key), new TrustManager[0], null); // no client is asked for a certificate
            return new Identity(
                    context,
                    chain.stream()
                            .map(one -> one.getNotBefore().toInstant())
                            .max(Instant::compareTo)
                            .orElseThrow(),
                    chain.stream()
                            .map(one -> one.getNotAfter().toInstant())
                            .min(Instant::compareTo)
                            .orElseThrow());
        } catch (GeneralSecurityException e) {
            throw new IOException(certificateFile + " cannot be used: " + e.getMessage());
        }
    }

    boolean countsAt(Instant at) {
        return !at.isBefore(begins) && at.isBefore(ends);
    }

    /** For TLS 1.2 and 1.3. */
    SslContextFactory.Server factory() {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(context);
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setExcludeCipherSuites();
        factory.setIncludeCipherSuites(CIPHERS);
        factory.setUseCipherSuitesOrder(true);
        factory.setRenegotiationAllowed(false);
        return factory;
    }

    /** For connections from now on. */
    void into(SslContextFactory.Server factory) throws IOException {
        try {
            factory.reload(that -> that.setSslContext(context));
        } catch (Exception e) {
            throw new IOException("the certificate cannot be used: " + e.getMessage());
        }
    }
}
