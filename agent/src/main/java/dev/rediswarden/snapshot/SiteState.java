package dev.rediswarden.snapshot;

/** Everything that was read of one site. */
public record SiteState(Site site, Reading<SiteAnswer> answer, Reading<Backup> backup) {

    public String name() {
        return site.name();
    }

    /** Whether there was no answer yet to what it is asked for the first time. */
    public boolean isNew() {
        return isNotRead(backup) || (site.weight() != Site.Weight.OFF && isNotRead(answer));
    }

    private static boolean isNotRead(Reading<?> reading) {
        return reading instanceof Reading.Unknown<?> unknown && unknown.cause() == Reading.Cause.NOT_READ;
    }
}
