package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Debian's own judgement of the package. */
class LintianLabTest {

    @Test
    void findsNeitherErrorNorWarning() {
        var judged = Command.run(
                Duration.ofMinutes(5),
                "",
                List.of(
                        "lintian",
                        "--allow-root",
                        "--fail-on=error,warning",
                        InstalledLabs.deb().toString()));
        assertThat(judged.ok()).isEmpty();
    }
}
