package dev.rediswarden.http;

import io.javalin.config.JettyConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/** By which other hosts come in: an address with a certificate of its own, and with users. Either may be missing. */
public final class Door implements AutoCloseable {

    /** Of strangers, too: what each of them may have sent before it is known must fit into the heap for all of them. */
    private static final int CONNECTIONS = 48;

    /** Who renews them by itself does it a month before; then it has failed for a while. */
    static final Duration SOON = Duration.ofDays(14);

    private enum Validity {
        GOOD,
        ENDS_SOON,
        NOT_NOW
    }

    /** Who is taken out of it gets in no more: with the last of them, and with the file itself, nobody does. */
    private record UserFile(Path file) implements FromFiles.Reader<Users> {

        @Override
        public Users read(Optional<Users> before) throws IOException {
            return Users.of(file, before.isPresent());
        }

        @Override
        public Optional<Users> gone() {
            return Optional.of(Users.nobody());
        }
    }

    private final InetSocketAddress listen;
    private final HostGuard hosts;
    private final InstantSource clock;
    private final QueuedThreadPool threads = SmallJetty.threads("http-from-afar");
    private final @Nullable FromFiles<Identity> identity;
    private final SslContextFactory.@Nullable Server tls;
    private final @Nullable FromFiles<Users> users;
    private final @Nullable Gate gate;
    private Validity told = Validity.GOOD;

    /**
     * Reads its files.
     *
     * @param certificate with its key, in PEM
     * @param userFile lines {@code NAME:HASH}
     * @throws IOException with what is wrong with one of them
     */
    public Door(
            InetSocketAddress listen,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Path> userFile,
            HostGuard hosts,
            InstantSource clock)
            throws IOException {
        this.listen = listen;
        this.hosts = hosts;
        this.clock = clock;
        FromFiles<Identity> own = certificate.isEmpty()
                ? null
                : new FromFiles<>(
                        certificate.get().toString(),
                        List.of(certificate.get()),
                        key.orElseThrow(),
                        before -> identity(certificate.get(), key.orElseThrow(), before));
        this.identity = own;
        this.tls = own == null ? null : own.get().factory();
        FromFiles<Users> known = userFile.isEmpty()
                ? null
                : new FromFiles<>(userFile.get().toString(), List.of(), userFile.get(), new UserFile(userFile.get()));
        this.users = known;
        this.gate = known == null ? null : new Gate(known::get, threads);
        tellValidity();
    }

    /** One that does not count never takes the place of one that does. */
    private Identity identity(Path certificate, Path key, Optional<Identity> before) throws IOException {
        Identity next = Identity.of(certificate, key);
        Instant now = clock.instant();
        if (!next.countsAt(now) && before.filter(was -> was.countsAt(now)).isPresent()) {
            throw new IOException("the new one counts from " + next.begins() + " to " + next.ends() + " alone");
        }
        return next;
    }

    /** {@code 10.0.0.7:9181}, {@code [2001:db8::1]:9181}. */
    public static String name(InetSocketAddress listen) {
        String address = listen.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + listen.getPort();
    }

    /** Takes what has changed in its files, and warns of a certificate that ends; by one thread at a time. */
    public void look() {
        if (users != null && users.look()) {
            Logger.info("http.listener {}: its users were read anew", name(listen));
        }
        if (identity != null && tls != null) {
            if (identity.look()) {
                try {
                    identity.get().into(tls);
                    Logger.info(
                            "http.listener {}: its certificate is now one until {}",
                            name(listen),
                            identity.get().ends());
                } catch (IOException e) {
                    Logger.warn("http.listener {}: {}", name(listen), e.getMessage());
                }
            }
            tellValidity();
        }
    }

    private void tellValidity() {
        if (identity == null) {
            return;
        }
        Identity now = identity.get();
        Validity is = !now.countsAt(clock.instant())
                ? Validity.NOT_NOW
                : now.countsAt(clock.instant().plus(SOON)) ? Validity.GOOD : Validity.ENDS_SOON;
        if (is != told && is != Validity.GOOD) {
            Logger.warn(
                    "http.listener {}: its certificate {} ({} to {}); renew it, and it is taken by itself",
                    name(listen),
                    is == Validity.NOT_NOW ? "does not count now, and scrapers refuse it" : "ends within 14 days",
                    now.begins(),
                    now.ends());
        }
        told = is;
    }

    /** When its certificate ends. */
    public Optional<Instant> ends() {
        return Optional.ofNullable(identity).map(own -> own.get().ends());
    }

    /** How many requests were without a password that is right; 0 where none is asked for. */
    public long refused() {
        return gate == null ? 0 : gate.refused();
    }

    void configure(JettyConfig jetty) {
        SmallJetty.configure(jetty, listen, CONNECTIONS, threads, tls);
    }

    /** A page from elsewhere can have its name point here, but knows no password: then the Host need not be looked at. */
    void admit(Context request) {
        if (gate != null) {
            gate.admit(request);
        } else {
            hosts.refuseUnless(hosts.admitsFromAfar(request.header("Host")), request);
        }
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.close();
        }
    }
}
