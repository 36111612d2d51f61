package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.preflight.SiteUrl;
import dev.rediswarden.preflight.Visit;
import dev.rediswarden.preflight.Visit.Outcome;
import dev.rediswarden.preflight.Visit.Step;
import dev.rediswarden.socket.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Does with a server what a site does: it connects by the site's URL and writes, reads and removes a key. The key's name
 * is nobody else's, and it is gone after a minute however this ends.
 *
 * @param timeout bound of one visit as a whole
 * @param nanos a monotonic clock in nanoseconds, {@code System::nanoTime}
 */
public record SiteClient(Duration timeout, LongSupplier nanos) {

    private static final String LIFE_SECONDS = "60";

    /** How far a visit is, for what throws. */
    private static final class Progress {
        private Step step = Step.CONNECT;
    }

    /** Never throws, and holds the password in no text. */
    public Visit visit(SiteUrl url) {
        Visit visit = once(url);
        if (visit.outcome() == Outcome.TLS && url.isNamed()) {
            // Whose the certificate is, redis-py asks from version 6 on; what an older one finds is known by another
            // try.
            Visit nameless = once(url.nameless());
            return nameless.outcome() == Outcome.TLS ? visit : nameless.withOtherName();
        }
        return visit;
    }

    private Visit once(SiteUrl url) {
        long start = nanos.getAsLong();
        Progress progress = new Progress();
        try (Link link = Link.open(route(url), Deadline.in(timeout, nanos))) {
            return link.authError()
                    .map(error -> refused(Step.AUTH, error, url, start))
                    .orElseGet(() -> ask(link, url, start, progress));
        } catch (JedisDataException e) {
            return refused(Step.CONNECT, String.valueOf(e.getMessage()), url, start);
        } catch (RuntimeException | LinkageError e) {
            Failure failure = Failure.of(e);
            return new Visit(progress.step, outcome(failure), failure.text(), since(start));
        }
    }

    private Visit ask(Link link, SiteUrl url, long start, Progress progress) {
        String key = Visit.CANARY + UUID.randomUUID();
        String value = UUID.randomUUID().toString();
        for (Step step : Step.values()) {
            Optional<CommandArguments> command = command(step, url, key, value);
            if (command.isPresent()) {
                progress.step = step;
                Object reply = link.ask(command.get()).get(0);
                String text = reply instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(reply);
                if (reply instanceof JedisDataException error) {
                    String said = String.valueOf(error.getMessage());
                    return refused(step, said, url, start).withNumber(number(link, said));
                } else if (!text.equals(wanted(step, value))) {
                    return refused(step, "another answer than " + wanted(step, "its value"), url, start);
                }
            }
        }
        return new Visit(progress.step, Outcome.DONE, "", since(start));
    }

    private static Optional<CommandArguments> command(Step step, SiteUrl url, String key, String value) {
        return switch (step) {
            case CONNECT, AUTH -> Optional.empty();
            case PING -> Optional.of(new CommandArguments(Command.PING));
            case SELECT ->
                url.database() == 0
                        ? Optional.empty() // nor does the site's client select it
                        : Optional.of(new CommandArguments(Command.SELECT).add(url.database()));
            case SET ->
                Optional.of(new CommandArguments(Command.SET)
                        .add(key)
                        .add(value)
                        .add("EX")
                        .add(LIFE_SECONDS)
                        .add("NX"));
            case GET -> Optional.of(new CommandArguments(Command.GET).add(key));
            case DEL -> Optional.of(new CommandArguments(Command.DEL).add(key));
        };
    }

    private static String wanted(Step step, String value) {
        return switch (step) {
            case PING -> "PONG";
            case GET -> value;
            case DEL -> "1";
            case CONNECT, AUTH, SELECT, SET -> "OK";
        };
    }

    /** What the server says of itself that a remedy is made of; nothing where it does not say it. */
    private static OptionalLong number(Link link, String error) {
        boolean loading = error.startsWith("LOADING");
        if (!loading && !error.startsWith("OOM")) {
            return OptionalLong.empty();
        }
        try {
            Object reply = link.ask(new CommandArguments(Command.INFO).add(loading ? "persistence" : "memory"))
                    .get(0);
            return reply instanceof byte[] info
                    ? InfoReply.parse(info).number(loading ? "loading_eta_seconds" : "maxmemory")
                    : OptionalLong.empty();
        } catch (RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    private Visit refused(Step step, String error, SiteUrl url, long start) {
        String secret = url.login().map(SiteUrl.Login::password).orElse("");
        String text = secret.isEmpty() ? error : error.replace(secret, "***");
        return new Visit(step, Outcome.REFUSED, text, since(start));
    }

    private static Outcome outcome(Failure failure) {
        return switch (failure.kind()) {
            case REFUSED -> Outcome.ABSENT;
            case TIMEOUT -> Outcome.TIMEOUT;
            case DENIED -> Outcome.DENIED;
            case TLS -> Outcome.TLS;
            case NOT_REDIS -> Outcome.NOT_REDIS;
            case INTERNAL -> Outcome.FAILED;
        };
    }

    private static Route route(SiteUrl url) {
        Optional<Credentials> credentials = url.login().map(login -> new Credentials(login.user(), login.password()));
        if (url.server() instanceof SiteUrl.Tcp tcp) {
            SiteUrl.Tls tls = tcp.tls().orElse(new SiteUrl.Tls(true, true, Optional.empty()));
            Trust trust = new Trust(tls.authorities().map(Path::of).orElse(Trust.HOST), tls.signed(), tls.named());
            Address address = new Address.Tcp(tcp.host(), tcp.port(), tcp.tls().isPresent());
            return new Route(address, credentials, "", trust);
        }
        Address address = new Address.Unix(Path.of(((SiteUrl.Unix) url.server()).path()));
        return new Route(address, credentials, "", Trust.in(Trust.HOST));
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }
}
