package dev.rediswarden.notify;

import java.time.Instant;
import java.util.List;

/**
 * How everything stands at a moment in which something has changed. It is complete, so that whoever takes it twice, or
 * has missed one, is told nothing twice and of nothing that is not so.
 *
 * @param number one higher than that of the one before
 */
public record Bulletin(long number, Instant at, String host, List<Standing> standings) {

    public Bulletin {
        standings = List.copyOf(standings);
    }

    public Bulletin numbered(long other) {
        return new Bulletin(other, at, host, standings);
    }

    /** Whether the same checks stand as they do there, whatever they say of it. */
    public boolean isSameAs(Bulletin other) {
        return statuses(this).equals(statuses(other));
    }

    private static List<String> statuses(Bulletin bulletin) {
        return bulletin.standings.stream()
                .map(standing -> standing.check() + " " + standing.status())
                .toList();
    }
}
