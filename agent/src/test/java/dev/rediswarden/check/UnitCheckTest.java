package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static dev.rediswarden.snapshot.Given.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnitCheckTest {

    @ParameterizedTest
    @MethodSource({"whatCannotRun", "whatDoesNotRun", "whatWillNotLast", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new UnitCheck(UnitCheck.STUCK_AFTER));
    }

    static Stream<Expected> whatCannotRun() {
        return Stream.of(
                row("a masked unit is unhealthy", unit("masked", "masked", "inactive", "dead", ""), "unmask"),
                row("a missing unit is unhealthy", unit("not-found", "", "inactive", "dead", ""), "apt install"),
                row("a broken unit is unhealthy", unit("bad-setting", "enabled", "inactive", "dead", ""), "verify"),
                row(
                        "a unit masked under a running server is unhealthy",
                        unit("loaded", "masked-runtime", "active", "running", "success"),
                        "unmask --runtime"));
    }

    static Stream<Expected> whatDoesNotRun() {
        Given starting = healthy().with(unit("loaded", "enabled", "activating", "start", "success"));
        return Stream.of(
                row(
                        "stopped is unhealthy",
                        unit("loaded", "enabled", "inactive", "dead", "success"),
                        "systemctl start"),
                row("failed is unhealthy", unit("loaded", "enabled", "failed", "failed", "exit-code"), "journalctl"),
                row(
                        "a start limit is unhealthy, and is reset first",
                        unit("loaded", "enabled", "failed", "failed", "start-limit-hit"),
                        "reset-failed redis-server.service && sudo systemctl start"),
                row(
                        "the kernel's out-of-memory killer is named",
                        unit("loaded", "enabled", "failed", "failed", "oom-kill"),
                        "journalctl -k"),
                row("a timeout is named", unit("loaded", "enabled", "failed", "failed", "timeout"), "journalctl"),
                row(
                        "a crash that waits for its restart is unhealthy",
                        unit("loaded", "enabled", "activating", "auto-restart", "exit-code"),
                        "journalctl"),
                row(
                        "a stop under way is unhealthy",
                        stopping(NOW.minusSeconds(30)),
                        "systemctl status redis-server.service"),
                row("a stuck stop is killed", stopping(NOW.minusSeconds(31)), "--signal=SIGKILL"),
                row("a state yet unheard of is unhealthy", unit("loaded", "enabled", "mending", "x", ""), "start"),
                new Expected("a start under way is degraded", starting, Status.DEGRADED, "being started", "journalctl"),
                new Expected(
                        "a start that loads a dataset says so",
                        starting.with(ping(Outcome.LOADING, "LOADING")),
                        Status.DEGRADED,
                        "loads its dataset",
                        ""));
    }

    static Stream<Expected> whatWillNotLast() {
        UnitState disabled = unit("loaded", "disabled", "active", "running", "success");
        return Stream.of(
                Expected.ok("enabled and running is ok", healthy(), "active/running, enabled"),
                degraded("disabled is gone after a reboot", disabled, "gone after a reboot", "systemctl enable"),
                degraded(
                        "enabled until the reboot is gone after it",
                        unit("loaded", "enabled-runtime", "active", "running", "success"),
                        "enabled-runtime",
                        "enable"),
                degraded("linked alone is gone after a reboot", file("linked"), "is linked", "enable"),
                degraded("indirect alone is gone after a reboot", file("indirect"), "is indirect", "enable"),
                degraded("a unit without a file is gone after a reboot", file(""), "without a unit file", "enable"),
                Expected.ok("static is pulled in by others", healthy().with(file("static")), "static"),
                Expected.ok(
                        "disabled, but wanted by another unit, is ok",
                        healthy().with(changed(disabled, 0, false, List.of("multi-user.target"))),
                        "disabled"),
                Expected.ok(
                        "one restart is no loop",
                        healthy().with(changed(file("enabled"), 1, false, List.of())),
                        "running"),
                degraded(
                        "a restart loop is degraded",
                        changed(file("enabled"), 2, false, List.of()),
                        "restarted 2 times",
                        "journalctl"),
                new Expected(
                        "one restart is degraded where the kernel has killed for lack of memory",
                        healthy()
                                .with(changed(file("enabled"), 1, false, List.of()))
                                .with(killed(1)),
                        Status.DEGRADED,
                        "the kernel killed 1 process for lack of memory",
                        "out of memory"),
                Expected.ok(
                        "whom the kernel kills beside a Redis that runs on is no matter of its unit",
                        healthy()
                                .with(changed(file("enabled"), 0, false, List.of()))
                                .with(killed(3)),
                        "running"),
                degraded(
                        "an unloaded change is degraded",
                        changed(file("enabled"), 0, true, List.of()),
                        "NeedDaemonReload",
                        "sudo systemctl daemon-reload"));
    }

    private static KernelSettings killed(long processes) {
        return Given.copy(Given.kernel(1, "never", "tsc", 4096), "oomKills", Reading.known(processes));
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                new Expected(
                        "a bus that does not answer is unknown",
                        healthy().withUnit(Optional.of(Given.unknown())),
                        Status.UNKNOWN,
                        "systemd could not be asked",
                        "dbus"),
                new Expected("no unit at all is off", healthy().withUnit(Optional.empty()), Status.OFF, "no unit", ""));
    }

    private static Expected row(String sentence, UnitState unit, String remedy) {
        String named = unit.result().equals("success") ? "" : unit.result();
        return new Expected(sentence, healthy().with(unit), Status.UNHEALTHY, named, remedy);
    }

    private static Expected degraded(String sentence, UnitState unit, String detail, String remedy) {
        return new Expected(sentence, healthy().with(unit), Status.DEGRADED, detail, remedy);
    }

    private static UnitState file(String state) {
        return unit("loaded", state, "active", "running", "success");
    }

    private static UnitState stopping(Instant since) {
        return Given.copy(
                unit("loaded", "enabled", "deactivating", "stop-sigterm", "success"), "stateChangedAt", since);
    }

    private static UnitState changed(UnitState unit, long restarts, boolean reload, List<String> wantedBy) {
        return Given.copy(unit, "restartsInWindow", restarts, "needDaemonReload", reload, "wantedBy", wantedBy);
    }

    @Test
    void whatCouldNotBeDoneAboutItIsEvidence() {
        UnitState failed = unit("loaded", "enabled", "failed", "failed", "exit-code");
        UnitState disabled = unit("loaded", "disabled", "active", "running", "success");
        UnitState healthy = unit("loaded", "enabled", "active", "running", "success");

        assertThat(tried(failed, "start: the job ended with failed").detail())
                .contains("not running; redis-warden tried, and failed: start: the job ended with failed");
        assertThat(tried(disabled, "enable: it is disabled").detail())
                .contains("is disabled; redis-warden tried, and failed: enable: it is disabled");
        assertThat(tried(healthy, "start: the job ended with failed").status()).isEqualTo(Status.OK);
    }

    private static Verdict tried(UnitState unit, String failure) {
        Snapshot now = healthy().with(unit).snapshot("main");
        Stewardship steward =
                new Stewardship(Optional.empty(), Map.of(), Map.of(), Map.of(unit.id(), failure), Map.of());
        Snapshot then =
                new Snapshot(now.takenAt(), now.listeners(), now.siteUnits(), Reading.known(steward), now.instances());
        return new UnitCheck(UnitCheck.STUCK_AFTER).examine(then.instances().get(0), then);
    }
}
