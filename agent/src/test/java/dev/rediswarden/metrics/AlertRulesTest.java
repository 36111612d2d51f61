package dev.rediswarden.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alert rules against what they speak of; whether they fire is promtool's to say. */
class AlertRulesTest {

    private static final String RUNBOOK = "file:///usr/share/doc/redis-warden/alerts.md#";

    /** Of the agent itself, where it completes no cycle. */
    private static final String CYCLE = "cycle";

    private final String rules = read("conf/prometheus/redis-warden.rules.yml");
    private final String runbook = read("packaging/docs/alerts.md");

    @Test
    void eachAlertHasItsSectionAndEachSectionItsAlert() {
        assertThat(alerts()).hasSizeGreaterThan(10).isEqualTo(all("(?m)^## (.+)$", runbook));
    }

    @Test
    void eachAlertTellsHowBadItIsAndWhatToDo() {
        for (String rule : rules.split("- alert: ", -1)) {
            if (rule.startsWith("#")) {
                continue;
            }
            String name = rule.substring(0, rule.indexOf('\n'));
            assertThat(rule)
                    .containsPattern("severity: (critical|warning|none)\n")
                    .contains("summary: ", "description: ", RUNBOOK + name.toLowerCase(Locale.ROOT) + "\n");
        }
    }

    @Test
    void noRuleAsksForACheckThatThereIsNot() {
        Set<String> asked = all("\\bcheck!?=~?\"([^\"]+)\"", rules).stream()
                .flatMap(names -> Stream.of(names.split("\\|", -1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(asked).contains(CYCLE, "ping");
        asked.removeAll(Set.of(CYCLE, "configuration", "health", "backup"));
        assertThat(Checkup.names()).containsAll(asked);
    }

    private Set<String> alerts() {
        return all("(?m)^ +- alert: (.+)$", rules);
    }

    private static Set<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of("..").resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
