package dev.rediswarden.check;

import dev.rediswarden.snapshot.SiteState;
import java.time.Instant;
import java.util.List;

/** One thing to prove about a site; pure, as a {@link Check} is. */
interface SiteCheck {

    /** All of them. None has the name of a {@link Check}, by which alone the two are told apart where they are kept. */
    List<SiteCheck> STANDARD = List.of(new SiteHealthCheck(), new SiteBackupCheck());

    /** The name in answers and labels: {@code health}. */
    String name();

    /** @param now when it was read */
    Verdict examine(SiteState state, Instant now);
}
