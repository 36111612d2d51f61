package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.RestartBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetsTest {

    @TempDir
    Path directory;

    @Test
    void budgetsAreKeptUntilTheNextBoot() throws IOException {
        Path file = directory.resolve("budgets");
        Map<String, RestartBudget> spent = Map.of("redis-server.service", new RestartBudget(List.of(1L, 2L), 7));
        new Budgets(file, "boot-1").write(spent);

        assertThat(new Budgets(file, "boot-1").read()).isEqualTo(spent);
        assertThat(new Budgets(file, "boot-2").read()).isEmpty();
    }

    @Test
    void aDamagedFileIsAFullBudget() throws IOException {
        Path file = Files.writeString(directory.resolve("budgets"), "boot\nredis x\n");

        assertThat(new Budgets(file, "boot").read()).isEmpty();
    }
}
