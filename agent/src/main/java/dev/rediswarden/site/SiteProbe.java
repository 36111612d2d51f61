package dev.rediswarden.site;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import dev.rediswarden.socket.Deadline;
import dev.rediswarden.socket.Reply;
import dev.rediswarden.socket.TimedSocket;
import dev.rediswarden.socket.UnixStreamSocket;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/** Asks a site for its health, as a visitor would: one GET on a connection of its own, with one bound for all of it. */
public final class SiteProbe implements Probe<SiteAnswer> {

    /** So many questions in a row without an answer in time are no accident. */
    private static final int TRIES = 3;

    private final Site site;
    private final LongSupplier nanos;
    private int timeouts;

    public SiteProbe(Site site, LongSupplier nanos) {
        this.site = site;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "the health of " + site.name();
    }

    @Override
    public Reading<SiteAnswer> read() {
        Exchange exchange = new Exchange(nanos.getAsLong());
        Reading<SiteAnswer> reading = exchange.read();
        timeouts = exchange.timedOut ? timeouts + 1 : 0;
        return reading;
    }

    /** One question, from its beginning to its end. */
    private final class Exchange {

        private final long begun;
        private final Deadline deadline;
        private Optional<Certificate> certificate = Optional.empty();
        private boolean timedOut;

        Exchange(long begun) {
            this.begun = begun;
            this.deadline = Deadline.in(site.timeout(), nanos);
        }

        Reading<SiteAnswer> read() {
            try (Socket socket = connect()) {
                return Reading.known(asked(socket));
            } catch (SocketTimeoutException e) {
                return late();
            } catch (AccessDeniedException e) {
                return Reading.unknown(Cause.DENIED, "this user may not connect to " + e.getFile());
            } catch (SSLException e) {
                return Reading.known(ended(Outcome.TLS, e));
            } catch (Reply.NotUnderstood e) {
                return Reading.known(ended(Outcome.NOT_UNDERSTOOD, e));
            } catch (IOException e) {
                return Reading.known(ended(Outcome.REFUSED, e));
            }
        }

        private Reading<SiteAnswer> late() {
            timedOut = true;
            return timeouts + 1 < TRIES
                    ? Reading.unknown(
                            Cause.TIMEOUT,
                            site.question() + " has not answered within "
                                    + site.timeout().toMillis() + " ms")
                    : Reading.known(answer(Outcome.TIMEOUT, 0, "", new HealthBody(Optional.empty(), List.of())));
        }

        private Socket connect() throws IOException {
            if (site.door() instanceof Site.Unix unix) {
                return new TimedSocket(
                        UnixStreamSocket.connect(Path.of(unix.socket()), deadline.millisLeft()), deadline);
            }
            Site.Tls tls = (Site.Tls) site.door();
            Socket plain = new Socket(Proxy.NO_PROXY);
            try {
                plain.connect(tls.address(), deadline.millisLeft());
                TlsVisit visit = TlsVisit.over(new TimedSocket(plain, deadline), tls);
                certificate = visit.certificate();
                return visit.socket();
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        }

        /** Connected, whatever goes wrong is no longer that nobody listens. */
        private SiteAnswer asked(Socket socket) throws IOException {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request().getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Reply reply = Reply.read(socket.getInputStream());
                String said = reply.code() >= 300 && reply.code() < 400 ? reply.location() : "";
                return answer(Outcome.ANSWERED, reply.code(), said, body(reply));
            } catch (SocketTimeoutException | Reply.NotUnderstood e) {
                throw e;
            } catch (IOException e) {
                return ended(Outcome.BROKEN_OFF, e);
            }
        }

        /** Of an answer that is an error by its code, what is no JSON is no matter. */
        private HealthBody body(Reply reply) throws Reply.NotUnderstood {
            try {
                return HealthBody.of(reply.body());
            } catch (Reply.NotUnderstood e) {
                if (reply.code() >= 300) {
                    return new HealthBody(Optional.empty(), List.of());
                }
                throw e;
            }
        }

        private SiteAnswer ended(Outcome outcome, IOException why) {
            String said = why instanceof EOFException ? "the connection was closed" : String.valueOf(why.getMessage());
            return answer(outcome, 0, said, new HealthBody(Optional.empty(), List.of()));
        }

        private SiteAnswer answer(Outcome outcome, int code, String said, HealthBody body) {
            Duration latency = Duration.ofNanos(nanos.getAsLong() - begun);
            return new SiteAnswer(outcome, code, said, body.word(), body.parts(), latency, certificate);
        }
    }

    /** HTTP/1.0: its answer comes whole and in one piece. Every part of it has kept the configuration's rules. */
    private String request() {
        return "GET " + site.path() + " HTTP/1.0\r\nHost: " + site.door().host()
                + (site.door() instanceof Site.Unix ? "\r\nX-Forwarded-Proto: https" : "")
                + "\r\nUser-Agent: redis-warden\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
    }
}
