package dev.rediswarden.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; it holds every reason, in the order of the file. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;
    private final transient InetSocketAddress listen;

    /** @param listen where HTTP is served, as far as the file tells; the default where it does not */
    ConfigException(List<Problem> problems, InetSocketAddress listen) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
        this.listen = listen;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** Where a daemon that was started before may still be asked. */
    public InetSocketAddress listen() {
        return listen;
    }

    /** Whether nothing is wrong with it but that this user may not read it. */
    public boolean isDenied() {
        return problems.stream().allMatch(Problem::isDenied);
    }
}
