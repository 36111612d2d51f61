package dev.rediswarden.snapshot;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the server says of itself once per slow cycle.
 *
 * @param info INFO's fields of all sections, by their names
 * @param config CONFIG GET's parameters, never those that hold a secret
 * @param passwordAsked whether a new connection must authenticate: the default user is off or has a password
 * @param passwordSet whether CONFIG shows a {@code requirepass}; empty where it does not tell
 * @param slowLog what SLOWLOG tells of commands that were slow enough for it
 * @param growth of the counters rejected_connections, aof_delayed_fsync, evicted_keys, acl_access_denied_auth and, of
 *     slow commands, slowlog
 * @param inspection what is asked once a minute
 * @param exchange what it took to ask
 */
public record ServerState(
        Fields info,
        Reading<Fields> config,
        Reading<Boolean> passwordAsked,
        Optional<Boolean> passwordSet,
        Reading<SlowLog> slowLog,
        Growth growth,
        Inspection inspection,
        Exchange exchange) {

    private static final Pattern MAJOR = Pattern.compile("([0-9]{1,4})\\..*");

    /** The first number of {@code redis_version}; Valkey tells there which Redis it stands for. */
    public OptionalInt majorVersion() {
        Matcher version = MAJOR.matcher(info.text("redis_version").orElse(""));
        return version.matches() ? OptionalInt.of(Integer.parseInt(version.group(1))) : OptionalInt.empty();
    }

    /** Known to be older; false where the server does not tell. */
    public boolean isBefore(int major) {
        return majorVersion().orElse(major) < major;
    }
}
