package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was put right in vain is told, by the checks that see it. */
class ContestsTest {

    private static final Given ENFORCED = Given.healthy().with(Given.ENFORCED);
    private static final Contested BOUND = new Contested("main", "maxmemory", "0", "536870912", 2);

    @Test
    void whoWantsWhatAndHowOftenIsEvidence() {
        Verdict drift = drift(ENFORCED.withConfig("maxmemory", "0"), BOUND);

        assertThat(drift.status()).isEqualTo(Status.DEGRADED);
        assertThat(drift.detail())
                .isEqualTo("redis-warden.toml wishes maxmemory to be '536870912', to which redis-warden has set it 2"
                        + " times within 24 hours, and somebody else wants '0', as it is again: redis-warden leaves"
                        + " it so until that is decided");
        assertThat(drift.remedy())
                .hasValue("sudoedit /etc/redis-warden/redis-warden.toml && sudo systemctl reload redis-warden.service"
                        + " # maxmemory as it is to be, or enforce = false; to have it set once more:"
                        + " sudo redis-warden resume");
    }

    @Test
    void itIsTheFirstOfWhatDriftTells() {
        Verdict drift = drift(ENFORCED.withConfig("maxmemory", "0").withConfFile("maxmemory", "536870912"), BOUND);

        assertThat(drift.findings()).hasSize(2);
        assertThat(drift.detail()).startsWith("redis-warden.toml wishes maxmemory");
    }

    @Test
    void aSettingThatIsInRedisConfAloneIsToldToo() {
        assertThat(drift(ENFORCED.withConfig("maxmemory", "536870912"), BOUND).detail())
                .startsWith("redis-warden.toml wishes maxmemory");
    }

    @Test
    void whatIsNoLongerSoOrIsNotEnforcedOrIsAnothersIsNotTold() {
        Given asWished = ENFORCED.withConfig("maxmemory", "536870912").withConfFile("maxmemory", "536870912");
        Given otherwise = ENFORCED.withConfig("maxmemory", "7").withConfFile("maxmemory", "7");

        assertThat(drift(asWished, BOUND).status()).isEqualTo(Status.OK);
        assertThat(drift(otherwise, BOUND).status()).isEqualTo(Status.OK);
        assertThat(drift(Given.healthy().withConfig("maxmemory", "0"), BOUND).status())
                .isEqualTo(Status.OK);
        assertThat(drift(
                                ENFORCED.withConfig("maxmemory", "0"),
                                new Contested("other", "maxmemory", "0", "536870912", 2))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void theKernelsIsToldByItsCheckWhileThatFindsSomething() {
        Contested given = new Contested(Contested.KERNEL, "/proc/sys/vm/overcommit_memory", "0", "1", 2);
        Snapshot well = told(ENFORCED, given);
        Snapshot wrong = told(ENFORCED.with(Given.kernel(0, "madvise", "tsc", 4096)), given);

        assertThat(new KernelCheck().examine(well.instances().get(0), well).status())
                .isEqualTo(Status.OK);
        assertThat(new KernelCheck().examine(wrong.instances().get(0), wrong).detail())
                .startsWith("redis-warden.toml wishes /proc/sys/vm/overcommit_memory to be '1'");
    }

    private static Verdict drift(Given given, Contested contested) {
        Snapshot snapshot = told(given, contested);
        return new DriftCheck().examine(snapshot.instances().get(0), snapshot);
    }

    private static Snapshot told(Given given, Contested contested) {
        Snapshot read = given.snapshot("main");
        return new Snapshot(
                read.takenAt(),
                read.kernel(),
                read.listeners(),
                read.siteUnits(),
                Reading.known(Stewardship.NONE.about(Map.of(), List.of(contested))),
                read.instances());
    }
}
