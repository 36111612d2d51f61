package dev.rediswarden.check;

import java.util.Locale;

/** What a result is about. */
public enum Kind {
    /** A Redis; or redis-warden itself, or a URL of one. */
    REDIS,
    /** A site of this host. */
    SITE;

    /** The word in answers: {@code site}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
