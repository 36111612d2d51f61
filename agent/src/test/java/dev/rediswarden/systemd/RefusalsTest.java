package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalsTest {

    @TempDir
    Path directory;

    @Test
    void whatWasRefusedIsKeptUntilItIsForgotten() throws IOException {
        Path file = directory.resolve("refused");
        Set<Refusal> refused =
                Set.of(new Refusal("a.service", "rule\n[Unit]\nAfter=é\n"), new Refusal("b.service", ""));
        new Refusals(file).write(refused);

        assertThat(new Refusals(file).read()).isEqualTo(refused);

        new Refusals(file).write(Set.of());
        assertThat(file).doesNotExist();
        assertThat(new Refusals(file).read()).isEmpty();
    }

    @Test
    void aDamagedFileRefusesNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("refused"), "a.service %%%\n");

        assertThat(new Refusals(file).read()).isEmpty();
    }
}
