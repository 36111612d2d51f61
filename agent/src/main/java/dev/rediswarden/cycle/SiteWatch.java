package dev.rediswarden.cycle;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteState;
import java.util.List;

/** The watches of one site. */
public record SiteWatch(Site site, Watch<SiteAnswer> answer, Watch<Backup> backup) {

    /** A site that nobody wants to be asked is not. */
    List<Watch<?>> watches() {
        return site.weight() == Site.Weight.OFF ? List.of(backup) : List.of(answer, backup);
    }

    SiteState state() {
        return new SiteState(site, answer.reading(), backup.reading());
    }
}
