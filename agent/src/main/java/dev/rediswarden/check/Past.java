package dev.rediswarden.check;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the checks stood when an earlier run of the agent ended: what was so, and is so, has been so since then. */
public final class Past {

    /** How one check of one instance stood, and since when. */
    public record Standing(String instance, String check, Status status, Instant since) {}

    /** Nothing is known of an earlier run. */
    public static final Past NONE = new Past(List.of());

    private final Map<String, Standing> standings;

    public Past(List<Standing> standings) {
        this.standings = standings.stream()
                .collect(Collectors.toUnmodifiableMap(
                        standing -> key(standing.instance(), standing.check()),
                        Function.identity(),
                        (one, other) -> other));
    }

    /** How the checks stand now; without what concerns the agent alone. */
    public static List<Standing> of(Report report) {
        return report.results().stream()
                .filter(result -> !result.instance().isEmpty())
                .map(result -> new Standing(result.instance(), result.check(), result.status(), result.since()))
                .toList();
    }

    /** Since when it has been so; empty where it was otherwise, or is not known. */
    Optional<Instant> since(String instance, String check, Status status) {
        return Optional.ofNullable(standings.get(key(instance, check)))
                .filter(standing -> standing.status() == status)
                .map(Standing::since);
    }

    private static String key(String instance, String check) {
        return instance + "/" + check;
    }
}
