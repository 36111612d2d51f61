package dev.rediswarden.site;

import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import dev.rediswarden.socket.AnyCertificate;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS with a web server of this host, whoever has signed its certificate: nothing secret is sent, and Caddy's own
 * authority is known to no client. Its dates and its names are looked at.
 */
record TlsVisit(SSLSocket socket, Optional<Certificate> certificate) {

    /** @throws SSLException where the handshake fails */
    static TlsVisit over(Socket connected, Site.Tls site) throws IOException {
        SSLSocket socket = (SSLSocket) context()
                .getSocketFactory()
                .createSocket(connected, site.domain(), site.address().getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        // By itself Java names no host without a dot in it.
        parameters.setServerNames(List.of(new SNIHostName(site.domain())));
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SSLException | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new SSLException("the handshake was broken off: " + e.getMessage(), e);
        }
        Optional<Certificate> certificate = Arrays.stream(socket.getSession().getPeerCertificates())
                .findFirst()
                .filter(X509Certificate.class::isInstance)
                .map(first -> Names.of((X509Certificate) first, site.domain()));
        return new TlsVisit(socket, certificate);
    }

    private static SSLContext context() throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }
}
