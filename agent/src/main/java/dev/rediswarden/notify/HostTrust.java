package dev.rediswarden.notify;

import dev.rediswarden.socket.TlsManagers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** Whom the host trusts: the Java runtime that is shipped brings no authorities of its own. */
final class HostTrust {

    /** Where update-ca-certificates(8) keeps them. */
    private static final Path AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    private HostTrust() {}

    /** @throws SSLException where the host has none: the package ca-certificates is not installed */
    static SSLSocketFactory sockets() throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, TlsManagers.descendingFrom(AUTHORITIES), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException e) {
            throw new SSLException("cannot read " + AUTHORITIES + "; install ca-certificates", e);
        }
    }
}
