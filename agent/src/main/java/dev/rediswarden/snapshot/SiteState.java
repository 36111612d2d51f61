package dev.rediswarden.snapshot;

/** Everything that was read of one site. */
public record SiteState(Site site, Reading<SiteAnswer> answer, Reading<Backup> backup) {

    public String name() {
        return site.name();
    }
}
