package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** bash's completion offers what the command takes, as bash itself sees it. */
@InEveryLab
@OneSuite
class CompletionLabTest {

    private final Lab lab;

    CompletionLabTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void offersEveryCommandThatHelpNames() {
        var help = lab.shell("redis-warden --help").ok();
        assertThat(offered(""))
                .contains(
                        "agent",
                        "check",
                        "status",
                        "verify",
                        "plan",
                        "apply",
                        "rotate-password",
                        "pause",
                        "resume",
                        "event",
                        "config")
                .allSatisfy(word -> assertThat(help).contains(word));
        assertThat(offered("ch")).containsExactly("check");
    }

    @Test
    void offersEveryOptionThatACommandTakes() {
        for (var command : List.of(
                "agent",
                "check",
                "status",
                "verify",
                "plan",
                "apply",
                "rotate-password",
                "pause",
                "resume",
                "event",
                "config")) {
            var help = lab.shell("redis-warden " + command + " --help").ok();
            var options = help.lines()
                    .flatMap(line -> List.of(line.split("[\\s=,\\[\\]]+")).stream())
                    .filter(word -> word.startsWith("--") && !word.equals("--version"))
                    .distinct()
                    .toList();
            assertThat(offered(command, "--")).as(command).containsExactlyInAnyOrderElementsOf(options);
        }
    }

    @Test
    void offersTheChecksThatTheAgentHasAndNoneTwice() {
        var known = lab.shell("redis-warden check --only nonsense 2>&1 || true").ok();
        var names = List.of(known.lines()
                .filter(line -> line.contains("known: "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*known: ", "")
                .split(", "));
        assertThat(names).contains("identity", "ordering");
        assertThat(offered("check", "--only", "")).containsExactlyInAnyOrderElementsOf(names);
        assertThat(offered("check", "--only", "ping,unit,b")).containsExactly("ping,unit,binding");
        assertThat(offered("check", "--only", "ping,p")).containsExactly("ping,persistence");
    }

    @Test
    void offersFormatsAndFiles() {
        assertThat(offered("check", "--format", "")).containsExactly("text", "json", "nagios");
        assertThat(offered("status", "--format", "")).containsExactly("text", "json");
        assertThat(offered("check", "--env-file", "/etc/redis-warden/redis"))
                .containsExactly("/etc/redis-warden/redis-warden.toml");
        assertThat(offered("config", "--config", "/etc/redis-warden/redis"))
                .containsExactly("/etc/redis-warden/redis-warden.toml");
    }

    /** What is offered for the last of these words. */
    private List<String> offered(String... words) {
        var script = """
                source /usr/share/bash-completion/completions/redis-warden
                compopt() { :; }
                COMP_WORDS=(redis-warden "$@") COMP_CWORD=$#
                _redis_warden
                printf '%s\\n' "${COMPREPLY[@]}"
                """;
        var command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.addAll(List.of(words));
        return lab.exec(command.toArray(String[]::new)).ok().lines().toList();
    }
}
