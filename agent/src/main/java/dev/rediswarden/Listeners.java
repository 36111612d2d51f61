package dev.rediswarden;

import dev.rediswarden.config.HttpListener;
import dev.rediswarden.http.Door;
import dev.rediswarden.http.HealthServer;
import dev.rediswarden.http.HostGuard;
import dev.rediswarden.metrics.Figure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The listeners for other hosts, where some are configured. One that cannot be opened, since its address is not there
 * yet or its certificate is wrong, is tried again with each look and keeps nothing else from running.
 */
final class Listeners implements AutoCloseable {

    private record Open(Door door, HealthServer server) implements AutoCloseable {

        @Override
        public void close() {
            server.close();
            door.close();
        }
    }

    private final HealthServer own;
    private final HostGuard hosts;
    private final InstantSource clock;
    private final Map<HttpListener, @Nullable Open> all = new LinkedHashMap<>();
    private final Map<HttpListener, String> told = new LinkedHashMap<>();
    private volatile List<Figure> figures = List.of();
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean closed;

    /** @param own whose answers they give */
    Listeners(HealthServer own, HostGuard hosts, InstantSource clock) {
        this.own = own;
        this.hosts = hosts;
        this.clock = clock;
    }

    /** These from now on; those that stay as they were go on, with what is new in their files. */
    void become(List<HttpListener> wanted) {
        turn.lock();
        try {
            turnInto(wanted);
        } finally {
            turn.unlock();
        }
    }

    private void turnInto(List<HttpListener> wanted) {
        for (HttpListener gone : all.keySet().stream()
                .filter(listener -> !wanted.contains(listener))
                .toList()) {
            close(all.remove(gone));
            told.remove(gone);
            Logger.info("http.listener {} is closed", Door.name(gone.listen()));
        }
        wanted.forEach(listener -> all.putIfAbsent(listener, null));
        lookAtAll();
    }

    /** Opens those that are not, and takes what is new in the files of the others. */
    void look() {
        if (turn.tryLock()) { // a file that hangs keeps one thread, and no second one
            try {
                lookAtAll();
            } finally {
                turn.unlock();
            }
        }
    }

    private void lookAtAll() {
        if (closed) {
            return;
        }
        all.replaceAll((listener, open) -> {
            if (open == null) {
                return opened(listener);
            }
            open.door().look();
            return open;
        });
        figures = drawn();
    }

    private @Nullable Open opened(HttpListener listener) {
        InetSocketAddress address = listener.listen();
        Door door = null;
        try {
            door = new Door(
                    address,
                    listener.tls().map(HttpListener.Tls::certificate),
                    listener.tls().map(HttpListener.Tls::key),
                    listener.users(),
                    hosts,
                    clock);
            HealthServer server = own.at(door);
            server.start();
            told.remove(listener);
            Logger.info(
                    "http.listener {} is open{}",
                    Door.name(address),
                    // Where no unit of systemd is around it, no sandbox is either.
                    System.getenv("INVOCATION_ID") == null
                            ? ""
                            : ", to the hosts that IPAddressAllow= of redis-warden.service names: see"
                                    + " redis-warden.toml(5)");
            return new Open(door, server);
        } catch (IOException | RuntimeException e) {
            if (door != null) {
                door.close();
            }
            String why = e instanceof FileSystemException || e instanceof RuntimeException
                    ? e.toString()
                    : String.valueOf(e.getMessage());
            if (!why.equals(told.put(listener, why))) {
                Logger.error("http.listener {} cannot be opened, and is tried again: {}", Door.name(address), why);
            }
            return null;
        }
    }

    /** As of the last look: a scrape waits for nobody. */
    List<Figure> figures() {
        return figures;
    }

    private List<Figure> drawn() {
        List<Figure> drawn = new ArrayList<>();
        all.forEach((listener, open) -> {
            String name = Door.name(listener.listen());
            drawn.add(new Figure(
                    "redis_warden_listener_up",
                    "Whether the listener is open: 1 or 0",
                    "listener",
                    name,
                    open == null ? 0 : 1));
            if (open != null) {
                open.door()
                        .ends()
                        .ifPresent(at -> drawn.add(new Figure(
                                "redis_warden_listener_certificate_expiry_seconds",
                                "When the listener's certificate ends, in seconds since 1970",
                                "listener",
                                name,
                                (double) at.getEpochSecond())));
                drawn.add(new Figure(
                        "redis_warden_listener_refused_total",
                        "Requests without a name and its password",
                        "listener",
                        name,
                        (double) open.door().refused()));
            }
        });
        return List.copyOf(drawn);
    }

    private static void close(@Nullable Open open) {
        if (open != null) {
            open.close();
        }
    }

    /** Who still waits for a file is not waited for: the end of the process closes what is open. */
    @Override
    public void close() {
        closed = true;
        if (turn.tryLock()) {
            try {
                all.values().forEach(Listeners::close);
                all.clear();
            } finally {
                turn.unlock();
            }
        }
    }
}
