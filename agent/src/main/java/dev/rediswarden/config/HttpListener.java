package dev.rediswarden.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An address at which other hosts may read what loopback answers.
 *
 * @param tls without it, what is answered and what is asked with can be read on the way
 * @param users a file of who may ask, each line {@code NAME:HASH}; empty where everybody may
 */
public record HttpListener(InetSocketAddress listen, Optional<Tls> tls, Optional<Path> users) {

    /** Files in PEM: the certificate with those that vouch for it, and its key. */
    public record Tls(Path certificate, Path key) {}
}
