package dev.rediswarden.snapshot;

/**
 * What the server says of itself once per slow cycle.
 *
 * @param info INFO's fields of all default sections, by their names
 * @param config CONFIG GET's parameters, never those that hold a secret
 * @param passwordAsked whether a new connection must authenticate: the default user is off or has a password
 * @param growth of the counters rejected_connections, aof_delayed_fsync and evicted_keys
 */
public record ServerState(Fields info, Reading<Fields> config, Reading<Boolean> passwordAsked, Growth growth) {}
