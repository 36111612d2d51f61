package dev.rediswarden.snapshot;

/**
 * A file {@code UNIT.d/50-redis-warden.conf} as it is on disk.
 *
 * @param unit the unit that it is for
 * @param path where it is
 * @param text what it says; empty where it is none of ours
 * @param ours whether it is a regular file that begins as ours do; anything else is an administrator's
 */
public record DropIn(String unit, String path, String text, boolean ours) {}
