package dev.rediswarden.snapshot;

import java.util.Optional;

/**
 * What the server says of itself once per slow cycle.
 *
 * @param info INFO's fields of all default sections, by their names
 * @param config CONFIG GET's parameters, never those that hold a secret
 * @param passwordAsked whether a new connection must authenticate: the default user is off or has a password
 * @param passwordSet whether CONFIG shows a {@code requirepass}; empty where it does not tell
 * @param slowCommands how many commands since its start were slow enough for SLOWLOG; 0 where that tells of none
 * @param growth of the counters rejected_connections, aof_delayed_fsync, evicted_keys, acl_access_denied_auth and, of
 *     slow commands, slowlog
 * @param inspection what is asked once a minute
 */
public record ServerState(
        Fields info,
        Reading<Fields> config,
        Reading<Boolean> passwordAsked,
        Optional<Boolean> passwordSet,
        Reading<Long> slowCommands,
        Growth growth,
        Inspection inspection) {}
