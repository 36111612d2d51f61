package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Inspection;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.ServerState;
import java.util.function.BiFunction;

/** The way of a check to what the server says of itself; without it, the verdict is unknown with the reason. */
final class Asked {

    /** For a server that tells nothing at all. */
    static final Inspection NOT_INSPECTED = new Inspection(
            Reading.unknown(Cause.NOT_READ, "not asked yet"),
            Reading.unknown(Cause.NOT_READ, "not asked yet"),
            Reading.unknown(Cause.NOT_READ, "not asked yet"));

    private Asked() {}

    static Verdict info(InstanceState instance, BiFunction<Fields, Reading<Fields>, Verdict> judge) {
        if (instance.isSilent()) {
            return Verdict.of(Finding.unknown(
                    "Redis does not answer",
                    "this cannot be verified until it does",
                    Commands.of(instance).journal()));
        }
        return instance.server().<Verdict>fold(server -> judge.apply(server.info(), server.config()), Asked::noInfo);
    }

    private static Verdict noInfo(Unknown<ServerState> unknown) {
        return Verdict.of(Finding.unknown(
                "INFO is not known (" + unknown.detail() + ")",
                "this cannot be verified",
                "sudo journalctl -u redis-warden.service -n 50"));
    }

    static Finding noConfig(Unknown<Fields> unknown, Commands commands) {
        return Finding.unknown(
                "CONFIG GET is not known (" + unknown.detail() + ")",
                "the settings cannot be verified",
                commands.grantConfigGet());
    }
}
