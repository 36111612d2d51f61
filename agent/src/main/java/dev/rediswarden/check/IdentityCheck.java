package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Who answers is who systemd started.
 *
 * @param settledAfter how long a unit must have been as it is: INFO is read less often than the unit
 */
record IdentityCheck(Duration settledAfter) implements Check {

    static final Duration SETTLED_AFTER = Duration.ofSeconds(25);

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return instance.unit()
                .map(reading -> reading.fold(
                        unit -> judge(unit, instance, snapshot), unknown -> Verdict.of(notKnown(unknown.detail()))))
                .orElse(Verdict.off("no unit is configured for this instance"));
    }

    private Verdict judge(UnitState unit, InstanceState instance, Snapshot snapshot) {
        if (instance.isSilent()) {
            return Verdict.ok("nobody answers, so nobody else does");
        }
        boolean settling =
                Duration.between(unit.stateChangedAt(), snapshot.takenAt()).compareTo(settledAfter) < 0;
        Verdict unsettled = Verdict.ok(unit.id() + " changed its state lately, and INFO was not read since for sure");
        if (instance.server() instanceof Reading.Unknown<ServerState> unknown) {
            return settling ? unsettled : Verdict.of(notKnown(unknown.detail()));
        }
        OptionalLong answering =
                instance.server().fold(server -> server.info().number("process_id"), unknown -> OptionalLong.empty());
        if (answering.isEmpty()) {
            return Verdict.of(notKnown("INFO has no process_id"));
        }
        long pid = answering.getAsLong();
        if (pid == unit.mainPid()) {
            return Verdict.ok("process " + pid + " answers, which " + unit.id() + " runs");
        }
        if (settling) {
            return unsettled;
        }
        String runs = unit.mainPid() == 0
                ? unit.id() + " is " + unit.activeState() + " and runs none"
                : "MainPID of " + unit.id() + " is " + unit.mainPid();
        return Verdict.of(Finding.unhealthy(
                "INFO's process_id is " + pid + ", and " + runs,
                "another server than systemd's has the address: it is not restarted, and its data may be elsewhere",
                // Its number is the server's own word, and may be one of a container's: no command that kills by it.
                "sudo ss -ltnp; ps -o pid,user,lstart,args -p " + pid + "; "
                        + Commands.of(instance).systemctl("status")));
    }

    private static Finding notKnown(String why) {
        return Finding.unknown(
                why,
                "whether systemd's own server answers is not known",
                "sudo journalctl -u redis-warden.service -n 50");
    }
}
