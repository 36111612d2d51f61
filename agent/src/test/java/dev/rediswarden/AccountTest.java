package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.RestartBudget;
import dev.rediswarden.plan.Restraint;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.systemd.Decisions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published of a run. */
class AccountTest {

    private static final String REDIS = "redis-server.service";
    private static final Action.Enable ENABLE = new Action.Enable(REDIS);

    @TempDir
    Path directory;

    private Account account = new Account(
            new PrintWriter(Writer.nullWriter()),
            new Decisions(Path.of("/none")),
            new StewardshipFile(Path.of("/none")));

    @BeforeEach
    void here() {
        account = new Account(account.out(), account.decisions(), new StewardshipFile(directory.resolve("state")));
    }

    @Test
    void everyInstancesUnitHasItsBudgetFromTheFirstRunOn() throws IOException {
        publish(Map.of());
        assertThat(account.before().budget()).containsExactly(Map.entry(REDIS, 3L));

        publish(Map.of(REDIS, new RestartBudget(List.of(1L), 0)));
        assertThat(account.before().budget()).containsExactly(Map.entry(REDIS, 2L));
    }

    @Test
    void aFailureIsPublishedUntilTheNextRunDoesBetter() throws IOException {
        publish(Map.of(), new Outcome(ENABLE, Result.FAILED, "x".repeat(1_000)));
        assertThat(account.before().failed().get(REDIS))
                .startsWith("enable " + REDIS + ": xxx")
                .hasSizeLessThan(500);
        assertThat(account.before().actions()).containsExactly(Map.entry("failed", 1L));

        publish(Map.of(), new Outcome(ENABLE, Result.DONE, "UnitFileState is enabled"));
        assertThat(account.before().failed()).isEmpty();
    }

    private void publish(Map<String, RestartBudget> budgets, Outcome... outcomes) throws IOException {
        Snapshot snapshot = Given.healthy().snapshot("main");
        Stewardship before = account.before();
        Restraint restraint = new Restraint(new Plan(List.of(), List.of()), budgets, Set.of());
        account.publish(before, snapshot, List.of(outcomes), restraint);
    }
}
