package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.plan.KernelText;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.snapshot.BootSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a boot reads, and the running kernel's: both or neither, and both as before when taken back. */
class KernelFilesTest {

    private static final String OVERCOMMIT = "/proc/sys/vm/overcommit_memory";
    private static final List<String> OURS = List.of(KernelText.SYSCTL, KernelText.TMPFILES);

    @TempDir
    Path root;

    private KernelFiles files = new KernelFiles(Path.of("/none"));

    @BeforeEach
    void host() throws IOException {
        for (String directory : List.of("proc/sys/vm", "etc/sysctl.d", "usr/lib/sysctl.d", "etc/tmpfiles.d", "state")) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.writeString(live(), "0\n");
        files = new KernelFiles(root, root.resolve("state"));
    }

    @Test
    void whatIsSetIsTakenBackWithNothingLeft() throws IOException {
        assertThat(carryOut().isDone()).isTrue();
        assertThat(live()).hasContent("1");
        assertThat(root.resolve("etc/sysctl.d/60-redis-warden.conf")).hasContent("vm.overcommit_memory = 1\n");

        assertThat(files.revert(OURS)).hasSize(2).allMatch(Outcome::isDone);

        assertThat(live()).hasContent("0");
        assertThat(root.resolve("etc/sysctl.d")).isEmptyDirectory();
        assertThat(root.resolve("state")).isEmptyDirectory();
        assertThat(files.revert(OURS)).isEmpty();
    }

    @Test
    void whatSomebodyHasSetSinceStays() throws IOException {
        carryOut();
        Files.writeString(live(), "2\n");

        files.revert(OURS);

        assertThat(live()).hasContent("2");
    }

    @Test
    void aKernelThatRefusesKeepsTheFileFromBeingWritten() throws IOException {
        Files.delete(live());

        Outcome outcome = carryOut();

        assertThat(outcome.isDone()).isFalse();
        assertThat(root.resolve("etc/sysctl.d")).isEmptyDirectory();
    }

    @Test
    void theLastSysctlAndTheFirstTmpfileCount() throws IOException {
        Files.writeString(root.resolve("usr/lib/sysctl.d/50-default.conf"), "-vm/overcommit_memory=2\n# a = b\n");
        Files.writeString(root.resolve("usr/lib/sysctl.d/99-a.conf"), "net.core.somaxconn = 64\n");
        Files.writeString(root.resolve("etc/sysctl.d/99-a.conf"), "; hides the other\n");
        Files.writeString(root.resolve("etc/tmpfiles.d/a.conf"), "w! " + KernelText.HUGEPAGES + " - - - - always\n");
        carryOut();

        BootSettings boot = new BootFilesProbe(root, OURS).settings();

        assertThat(boot.ours()).containsOnlyKeys(KernelText.SYSCTL);
        assertThat(boot.other("vm.overcommit_memory"))
                .hasValue(new BootSettings.Other("/usr/lib/sysctl.d/50-default.conf", "2", false));
        assertThat(boot.other("net.core.somaxconn")).isEmpty();
        assertThat(boot.other(KernelText.HUGEPAGES))
                .hasValue(new BootSettings.Other("/etc/tmpfiles.d/a.conf", "always", true));
    }

    private Path live() {
        return root.resolve(OVERCOMMIT.substring(1));
    }

    private Outcome carryOut() throws IOException {
        String now = Files.exists(live()) ? Files.readString(live()).strip() : "0";
        return files.carryOut(new SetKernel(
                KernelText.SYSCTL,
                "",
                "vm.overcommit_memory = 1\n",
                List.of(new SetKernel.Live(OVERCOMMIT, now, "1"))));
    }
}
