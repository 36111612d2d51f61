package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.BootSettings.Other;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KernelSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a boot, and the running kernel, are told for Redis. */
class KernelPlannerTest {

    private static final BootSettings NOTHING = new BootSettings(Map.of(), Map.of());

    private final Given server = Given.healthy().withConfig("disable-thp", "no");

    @Test
    void allThatIsWrongIsSetNowAndAtEachBoot() {
        List<Action> actions =
                plan(Given.kernel(0, "always", "tsc", 128), NOTHING).actions();

        assertThat(actions).hasSize(2);
        SetKernel sysctl = (SetKernel) actions.get(0);
        assertThat(sysctl.path()).isEqualTo("/etc/sysctl.d/60-redis-warden.conf");
        assertThat(sysctl.content()).endsWith("\nvm.overcommit_memory = 1\nnet.core.somaxconn = 511\n");
        assertThat(sysctl.live())
                .containsExactly(
                        new SetKernel.Live("/proc/sys/vm/overcommit_memory", "0", "1"),
                        new SetKernel.Live("/proc/sys/net/core/somaxconn", "128", "511"));
        SetKernel pages = (SetKernel) actions.get(1);
        assertThat(pages.path()).isEqualTo("/etc/tmpfiles.d/redis-warden.conf");
        assertThat(pages.content()).endsWith("\nw /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise\n");
    }

    @Test
    void onceTheFilesAreThereAndTheKernelHasItNothingIsToDo() {
        KernelSettings before = Given.kernel(0, "always", "tsc", 128);
        Map<String, String> files = Map.of(
                KernelText.SYSCTL, ((SetKernel) plan(before, NOTHING).actions().get(0)).content(),
                KernelText.TMPFILES,
                        ((SetKernel) plan(before, NOTHING).actions().get(1)).content());

        assertThat(plan(Given.kernel(1, "madvise", "tsc", 511), new BootSettings(files, Map.of())))
                .isEqualTo(new Plan(List.of(), List.of()));
    }

    @Test
    void whatIsSetByHandAloneIsSetForTheNextBootToo() {
        assertThat(plan(Given.kernel(1, "madvise", "tsc", 4096), NOTHING).actions())
                .singleElement()
                .satisfies(action -> assertThat(((SetKernel) action).live()).isEmpty());
    }

    @Test
    void whatAnotherFileSetsRightNeedsNoneOfOurs() {
        BootSettings boot = new BootSettings(
                Map.of(), Map.of("vm.overcommit_memory", new Other("/etc/sysctl.d/10-redis.conf", "1", false)));

        assertThat(plan(Given.kernel(1, "madvise", "tsc", 4096), boot).actions())
                .isEmpty();
    }

    @Test
    void aFileThatCountsMoreIsItsOwners() {
        BootSettings boot = new BootSettings(
                Map.of(), Map.of("vm.overcommit_memory", new Other("/etc/sysctl.d/99-db.conf", "2", true)));

        Plan plan = plan(Given.kernel(2, "madvise", "tsc", 4096), boot);

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).singleElement().satisfies(left -> {
            assertThat(left.reason()).contains("/etc/sysctl.d/99-db.conf sets vm.overcommit_memory = 2");
            assertThat(left.command()).isEqualTo("sudoedit /etc/sysctl.d/99-db.conf");
        });
    }

    @Test
    void aContainersKernelIsItsHosts() {
        KernelSettings inContainer = Given.copy(Given.kernel(0, "always", "tsc", 4096), "container", "lxc");

        Plan plan = plan(inContainer, NOTHING);

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left())
                .hasSize(2)
                .allSatisfy(left -> assertThat(left.reason()).contains("lxc container"));
    }

    @Test
    void aServerThatDoesWithoutHugePagesNeedsNoChange() {
        Plan plan = KernelPlanner.plan(
                Given.healthy()
                        .withConfig("disable-thp", "yes")
                        .with(Given.kernel(0, "always", "tsc", 4096))
                        .snapshot("main"),
                NOTHING);

        assertThat(plan.actions())
                .singleElement()
                .satisfies(action -> assertThat(((SetKernel) action).path()).isEqualTo(KernelText.SYSCTL));
    }

    @Test
    void withoutAServerOfThisHostItsKernelIsLeftAlone() {
        Given elsewhere = server.withUnit(Optional.empty()).with(Given.kernel(0, "always", "tsc", 128));

        assertThat(KernelPlanner.plan(elsewhere.snapshot("main"), NOTHING).actions())
                .isEmpty();
    }

    private Plan plan(KernelSettings kernel, BootSettings boot) {
        return KernelPlanner.plan(server.with(kernel).snapshot("main"), boot);
    }
}
