package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class IdentityCheckTest {

    /** The unit of {@link Given} has been as it is for five seconds. */
    private final IdentityCheck check = new IdentityCheck(Duration.ofSeconds(3));

    @Test
    void whoAnswersIsWhoSystemdStarted() {
        assertThat(judge(check, Given.healthy()).detail())
                .isEqualTo("process 812 answers, which redis-server.service runs");
    }

    @Test
    void anotherProcessIsUnhealthyWithItsNumber() {
        Verdict verdict = judge(check, Given.healthy().withInfo("process_id", "999"));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).contains("999").contains("812");
        assertThat(verdict.remedy().orElseThrow())
                .isEqualTo("sudo ss -ltnp 'sport = :6379'; sudo kill $(sudo ss -Hltnp 'sport = :6379'"
                        + " | grep -o 'pid=[0-9]*' | cut -d= -f2 | grep -vxE '1|812' | sort -u)"
                        + " && sudo systemctl restart redis-server.service");
    }

    @Test
    void aRestartThatInfoHasNotSeenYetIsNoFinding() {
        IdentityCheck patient = new IdentityCheck(Duration.ofMinutes(1));

        assertThat(judge(patient, Given.healthy().withInfo("process_id", "999")).status())
                .isEqualTo(Status.OK);
    }

    @Test
    void anAnswerBesideAStoppedUnitIsAnothersServer() {
        UnitState stopped = Given.unit("loaded", "enabled", "inactive", "dead", "success");
        UnitState without = Given.copy(stopped, "mainPid", 0L, "user", OptionalInt.empty());

        assertThat(judge(check, Given.healthy().with(without)).detail()).contains("is inactive and runs none");
    }

    @Test
    void whoAnswersIsNotKnownWhileNobodyDoes() {
        assertThat(judge(check, Given.healthy().with(Given.ping(Outcome.REFUSED, "")))
                        .status())
                .isEqualTo(Status.UNKNOWN);
        assertThat(judge(check, Given.healthy().withoutInfo("process_id")).status())
                .isEqualTo(Status.UNKNOWN);
        assertThat(judge(check, Given.healthy().withUnit(Optional.empty())).status())
                .isEqualTo(Status.OFF);
    }

    @Test
    void anotherUsersSocketOnThePortIsUnhealthyWithItsAddress() {
        Given given = Given.healthy()
                .withListeners(
                        Reading.known(List.of(Given.listener("127.0.0.1", 6379), Given.listener("::1", 6379, 33))));

        assertThat(judge(check, given).detail())
                .contains("[::1]:6379 (user 33)")
                .contains("redis-server.service runs as user 110");
    }

    @Test
    void anotherServerThatIsMeantToBeOnItsOwnAddressIsNoImpostor() {
        Given given =
                Given.healthy().listening(Given.listener("127.0.0.1", 6379), Given.listener("127.0.0.2", 6379, 33));
        assertThat(judge(check, given).status()).isEqualTo(Status.OK);

        Given both = given.listening(Given.listener("127.0.0.1", 6379), Given.listener("::1", 6379, 33));
        UnitState valkey =
                Given.copy(Given.unit("loaded", "enabled", "active", "running", "success"), "user", OptionalInt.of(33));
        InstanceState other = both.with(valkey)
                .with(Given.copy(Given.ping(Outcome.PONG, ""), "address", "[::1]:6379"))
                .withConfig("dir", "/var/lib/valkey")
                .state("other");
        InstanceState main = both.state("main");
        Snapshot snapshot = both.snapshot("main").of(List.of(main, other));

        assertThat(check.examine(main, snapshot).status()).isEqualTo(Status.OK);
        assertThat(check.examine(other, snapshot).status()).isEqualTo(Status.OK);
    }

    @Test
    void whatRootListensWithIsNamedAndNotKilled() {
        Given given = Given.healthy().listening(Given.listener("127.0.0.1", 6379), Given.listener("::", 6379, 0));

        assertThat(judge(check, given).remedy().orElseThrow())
                .contains("docker ps --filter publish=6379 # have it listen elsewhere")
                .doesNotContain("kill");
    }

    @Test
    void whoeverListensInPlaceOfAServerThatIsNotThereIsFound() {
        UnitState failed = Given.unit("loaded", "enabled", "failed", "failed", "exit-code");
        UnitState without = Given.copy(failed, "mainPid", 0L, "user", OptionalInt.empty());
        Given given = Given.healthy().with(without).with(Given.ping(Outcome.TIMEOUT, ""));

        assertThat(judge(check, given).detail()).contains("127.0.0.1:6379 (user 110)", "runs none");
        assertThat(judge(check, given.listening()).status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void twoServersThatSaveTheSameFileAreUnhealthyBoth() {
        Snapshot snapshot = Given.healthy().snapshot("main", "queue");

        Verdict verdict = check.examine(snapshot.instances().get(0), snapshot);

        assertThat(verdict.detail()).contains("of main and of queue are both /var/lib/redis/dump.rdb");
        assertThat(verdict.remedy().orElseThrow()).contains("sudoedit ", "dbfilename dump-queue.rdb");
    }

    @Test
    void aDumpThatIsNewerThanTheLastSaveWasWrittenByAnother() {
        Instant written = Instant.parse("2026-01-02T03:00:00Z");
        DataFiles files = new DataFiles(
                Given.DIR,
                true,
                Optional.of(new DataFiles.File("/var/lib/redis/dump.rdb", 1, written, false)),
                Optional.empty(),
                Reading.known(List.of()),
                Given.PLACE);
        Given given = Given.healthy()
                .withFiles(Reading.known(files))
                .withInfo("master_replid2", "0".repeat(40))
                .withInfo("server_time_usec", Given.NOW.getEpochSecond() + "000000");

        assertThat(judge(check, given.withInfo("rdb_last_save_time", "" + written.getEpochSecond()))
                        .status())
                .isEqualTo(Status.OK);
        Given earlier = given.withInfo(
                "rdb_last_save_time", "" + written.minusSeconds(60).getEpochSecond());
        assertThat(judge(check, earlier).detail()).contains("dump.rdb was written at 2026-01-02T03:00:00Z");
        assertThat(judge(check, earlier.withInfo("rdb_bgsave_in_progress", "1")).status())
                .isEqualTo(Status.OK);
        assertThat(judge(check, earlier.withInfo("master_replid2", "f".repeat(40)))
                        .status())
                .as("a replica's sync writes the dump as well")
                .isEqualTo(Status.OK);
    }

    private static Verdict judge(IdentityCheck check, Given given) {
        Snapshot snapshot = given.snapshot("main");
        return check.examine(snapshot.instances().get(0), snapshot);
    }
}
