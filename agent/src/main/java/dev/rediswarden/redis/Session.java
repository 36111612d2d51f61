package dev.rediswarden.redis;

import dev.rediswarden.socket.Deadline;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** Keeps one connection to a target, and makes a new one when it broke. */
final class Session implements AutoCloseable {

    /** How long a connection that the server does not let in is kept: each AUTH that fails is an alarm over there. */
    private static final Duration REFUSED_FOR = Duration.ofSeconds(20);

    private final Target target;
    private final LongSupplier nanos;
    private @Nullable Link link;
    private long openedAt;
    private boolean isKept;
    private Duration connecting = Duration.ZERO;
    private boolean refused;
    private @Nullable Route route;
    private @Nullable Deadline current;
    private String address;

    Session(Target target, LongSupplier nanos) {
        this.target = target;
        this.nanos = nanos;
        this.address = target.url()
                .map(url -> RedisUrl.parse(url).address().toString())
                .orElse("redis.conf's address");
    }

    /**
     * Talks over the connection that is there, or over a new one; all together within the target's timeout. A kept
     * connection that turns out dead (the server was restarted) is replaced once before that counts.
     *
     * @throws JedisException for no answer, see {@link Failure}
     */
    <R> R converse(Function<Link, R> conversation) {
        Deadline deadline = Deadline.in(target.timeout(), nanos);
        current = deadline;
        Link kept = link;
        if (kept != null && kept.isOpen() && !isDue()) {
            try {
                kept.begin(deadline);
                isKept = true;
                return conversation.apply(kept);
            } catch (JedisException e) {
                if (Failure.of(e).kind() != Failure.Kind.REFUSED) {
                    throw e;
                }
            }
        }
        return conversation.apply(connect(deadline));
    }

    private boolean isDue() {
        return refused && nanos.getAsLong() - openedAt > REFUSED_FOR.toNanos();
    }

    private Link connect(Deadline deadline) {
        close();
        Route found = Route.to(target);
        route = found;
        address = found.address().toString();
        refused = false;
        isKept = false;
        openedAt = nanos.getAsLong();
        Link opened = Link.open(found, deadline);
        link = opened;
        connecting = Duration.ofNanos(nanos.getAsLong() - openedAt);
        return opened;
    }

    /**
     * A connection without credentials to the same address, within what is left of the conversation's time; the caller
     * closes it.
     *
     * @throws JedisException for no answer, or where the server turns it away
     */
    Link stranger() {
        Route known = route == null ? Route.to(target) : route;
        return Link.open(known.withoutCredentials(), current == null ? Deadline.in(target.timeout(), nanos) : current);
    }

    /** The server answers, but not to us: credentials are looked up again after a while. */
    void refused() {
        refused = true;
    }

    /** Whether the connection is from before this conversation. */
    boolean isKept() {
        return isKept;
    }

    /** How long it took to make the connection that is used. */
    Duration connecting() {
        return connecting;
    }

    /** Where it was asked last, without credentials. */
    String address() {
        return address;
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
            link = null;
        }
    }
}
