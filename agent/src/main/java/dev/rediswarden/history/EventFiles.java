package dev.rediswarden.history;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the events of several files: the daemon's, and root's. */
public final class EventFiles implements Events {

    /** What is older is not told. */
    static final Duration KEPT = Duration.ofDays(90);

    private final List<EventLog> logs;
    private final InstantSource clock;
    private final Turnstile turnstile;

    public EventFiles(List<EventLog> logs, InstantSource clock, Turnstile turnstile) {
        this.logs = List.copyOf(logs);
        this.clock = clock;
        this.turnstile = turnstile;
    }

    @Override
    public List<Event> since(Instant from, int atMost) {
        Instant oldest = clock.instant().minus(KEPT);
        Instant bound = from.isAfter(oldest) ? from : oldest;
        List<Event> events = turnstile.pass(
                () -> {
                    List<Event> all = new ArrayList<>();
                    for (EventLog log : logs) {
                        all.addAll(log.newest(atMost));
                    }
                    return all;
                },
                List.of());
        return events.stream()
                .filter(event -> !event.at().isBefore(bound))
                .sorted(Comparator.comparing(Event::at).reversed())
                .limit(atMost)
                .toList();
    }
}
