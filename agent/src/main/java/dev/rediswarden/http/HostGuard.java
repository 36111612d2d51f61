package dev.rediswarden.http;

import dev.rediswarden.snapshot.Untrusted;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Which Host a request may name. A page in a browser on this host can have its own name resolve to loopback and then
 * read what is answered there (DNS rebinding); the browser still tells that name as Host (RFC 9110, 7.2).
 */
public final class HostGuard {

    /** Of an authority, what comes before the port: a tunnel or a forward has another one. */
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|\\[::1]|127\\.(?:0|[1-9]\\d{0,2})\\.(?:0|[1-9]\\d{0,2})\\.(?:0|[1-9]\\d{0,2})");

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Supplier<String> ownName;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile List<String> allowed;

    /**
     * Takes the names that the configuration allows besides those of loopback.
     *
     * @param ownName this host's; empty where it is not known
     */
    public HostGuard(List<String> allowed, Supplier<String> ownName) {
        this.allowed = List.copyOf(allowed);
        this.ownName = ownName;
    }

    /** These names from now on. */
    public void allow(List<String> names) {
        allowed = List.copyOf(names);
    }

    /** @param host the request's header as it came; null or empty, as of HTTP/1.0, is of no browser */
    boolean admits(@Nullable String host) {
        if (host == null || host.isEmpty()) {
            return true;
        }
        String name = name(host);
        return LOOPBACK.matcher(name).matches()
                || allowed.stream().anyMatch(name::equalsIgnoreCase)
                || (!name.isEmpty() && name.equalsIgnoreCase(ownName.get()));
    }

    /** The same where other hosts ask: an address of whatever host is no name that could be another one's. */
    boolean admitsFromAfar(@Nullable String host) {
        return admits(host) || (host != null && ADDRESS.matcher(name(host)).matches());
    }

    /** Told once: who scrapes sees a status alone, and who asks with strange names must not fill the journal. */
    void refuseUnless(boolean admitted, Context request) {
        if (admitted) {
            return;
        }
        if (told.compareAndSet(false, true)) {
            Logger.warn(
                    "a request for Host {} was refused; if it is a proxy's of this host: allowed_hosts in [http], see"
                            + " redis-warden.toml(5); further ones are not told",
                    Untrusted.line(String.valueOf(request.header("Host"))));
        }
        request.header("Cache-Control", "no-store");
        request.header("X-Content-Type-Options", "nosniff");
        request.status(421)
                .contentType("text/plain; charset=utf-8")
                .result("this Host is not answered; see allowed_hosts in redis-warden.toml(5)\n");
        request.skipRemainingHandlers();
    }

    private static String name(String host) {
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
