package dev.rediswarden.snapshot;

/**
 * Which units of the site need Redis, and how.
 *
 * @param pattern a shell pattern over unit names, as systemd matches it (fnmatch(3)): {@code *celery*.service}
 * @param after whether they start only once Redis has started
 * @param wants whether their start pulls Redis in
 * @param instance name of the instance that they need
 */
public record OrderRule(String pattern, boolean after, boolean wants, String instance) {}
