package dev.rediswarden.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Those of which the very same is to be said, told together: where Redis is down, most checks wait for nothing else. */
public final class Alike {

    private Alike() {}

    /**
     * The groups, the worst first, and each in the order in which they were.
     *
     * @param said what is to be said of one, in a form that equals that of its like
     */
    public static <T> List<List<T>> groups(Collection<T> all, Function<T, Status> status, Function<T, Object> said) {
        Map<Object, List<T>> groups = new LinkedHashMap<>();
        all.stream()
                .sorted(Comparator.comparing(status).reversed())
                .forEach(one -> groups.computeIfAbsent(said.apply(one), like -> new ArrayList<>())
                        .add(one));
        return List.copyOf(groups.values());
    }
}
