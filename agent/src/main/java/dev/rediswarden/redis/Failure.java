package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * What ended an exchange without an answer, told from the exceptions of Jedis, jnr and the JDK.
 *
 * @param text for an operator; the exceptions' own words, which hold no secret
 */
record Failure(Kind kind, String text) {

    /** How it ended. */
    enum Kind {
        /** Nobody listens, or what listened went away. */
        REFUSED,
        TIMEOUT,
        /** The socket's file does not let this user in. */
        DENIED,
        /** No trust, or none in us. */
        TLS,
        /** What answers is no Redis. */
        NOT_REDIS,
        /** A fault of this program or its installation. */
        INTERNAL
    }

    static Failure of(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof SocketTimeoutException) {
                return new Failure(Kind.TIMEOUT, "no answer in time");
            } else if (e instanceof AccessDeniedException denied) {
                return new Failure(
                        Kind.DENIED,
                        "this user may not connect to " + denied.getFile()
                                + ": add it to the socket's group and set unixsocketperm 770");
            } else if (e instanceof SSLException) {
                return new Failure(Kind.TLS, "TLS: " + e.getMessage());
            } else if (e instanceof ReplyBounds.Violation) {
                return new Failure(Kind.NOT_REDIS, String.valueOf(e.getMessage()));
            } else if (e instanceof UnknownHostException) {
                return new Failure(Kind.REFUSED, "the host name has no address");
            } else if (e instanceof IOException) {
                return new Failure(Kind.REFUSED, String.valueOf(e.getMessage()));
            }
        }
        return thrown instanceof JedisConnectionException
                ? new Failure(Kind.REFUSED, "the server closed the connection before it answered")
                : new Failure(Kind.INTERNAL, thrown.getClass().getName());
    }

    <T> Reading<T> unknown(String address) {
        Cause cause =
                switch (kind) {
                    case REFUSED -> Cause.UNAVAILABLE;
                    case TIMEOUT -> Cause.TIMEOUT;
                    case DENIED -> Cause.DENIED;
                    case TLS, NOT_REDIS, INTERNAL -> Cause.FAILED;
                };
        return Reading.unknown(cause, address + ": " + text);
    }
}
