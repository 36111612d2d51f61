package dev.rediswarden.preflight;

import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Verdict;
import java.util.List;

/** What a variable's value leaves to be done. */
public sealed interface Question {

    /**
     * A server is to be asked.
     *
     * @param findings what is wrong with the URL, whatever the server answers
     */
    record Ask(SiteUrl url, List<Finding> findings) implements Question {

        public Ask {
            findings = List.copyOf(findings);
        }
    }

    /** Nobody need be asked for the verdict. */
    record Settled(Verdict verdict) implements Question {}
}
