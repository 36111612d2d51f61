package dev.rediswarden.history;

import java.util.List;

/** The figures of the last day and month. Each look reads files, in bounded time and memory. */
public interface History {

    /** Where none is kept. */
    History NONE = (redis, metrics, range, atMost) -> List.of();

    /**
     * Up to now.
     *
     * @param redis name of an instance; of one that is not known, nothing is
     * @param atMost how many points each may have: there are fewer, of longer steps, where all of them would be more
     * @return one for each metric, in their order; none where no history is kept
     */
    List<Series> series(String redis, List<Metric> metrics, Range range, int atMost);

    /** The same with all points of one figure. */
    default List<Series> series(String redis, Metric metric, Range range) {
        return series(redis, List.of(metric), range, range.points());
    }
}
