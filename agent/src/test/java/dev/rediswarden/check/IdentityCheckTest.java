package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.util.Optional;
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
        assertThat(verdict.remedy().orElseThrow()).contains("ps -o pid,user,lstart,args -p 999");
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
        UnitState without = new UnitState(
                stopped.id(),
                "loaded",
                "enabled",
                "inactive",
                "dead",
                "success",
                "no",
                1,
                0,
                0,
                false,
                stopped.stateChangedAt(),
                stopped.wantedBy());

        assertThat(judge(check, Given.healthy().with(without)).detail()).contains("is inactive and runs none");
    }

    @Test
    void silenceAndIgnoranceAreNoFindings() {
        assertThat(judge(check, Given.healthy().with(Given.ping(Outcome.REFUSED, "")))
                        .status())
                .isEqualTo(Status.OK);
        assertThat(judge(check, Given.healthy().withoutInfo("process_id")).status())
                .isEqualTo(Status.UNKNOWN);
        assertThat(judge(check, Given.healthy().withUnit(Optional.empty())).status())
                .isEqualTo(Status.OFF);
    }

    private static Verdict judge(IdentityCheck check, Given given) {
        Snapshot snapshot = given.snapshot("main");
        return check.examine(snapshot.instances().get(0), snapshot);
    }
}
