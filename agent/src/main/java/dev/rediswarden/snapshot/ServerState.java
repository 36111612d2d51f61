package dev.rediswarden.snapshot;

/**
 * What the server says of itself once per slow cycle.
 *
 * @param info INFO's fields of all default sections, by their names
 * @param config CONFIG GET's parameters, never those that hold a secret
 * @param passwordAsked whether a new connection must authenticate: the default user is off or has a password
 * @param slowCommands how many commands since its start were slow enough for SLOWLOG; 0 where that tells of none
 * @param growth of the counters rejected_connections, aof_delayed_fsync, evicted_keys and, of slow commands, slowlog
 */
public record ServerState(
        Fields info,
        Reading<Fields> config,
        Reading<Boolean> passwordAsked,
        Reading<Long> slowCommands,
        Growth growth) {}
