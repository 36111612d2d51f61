package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.ServerState;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The way of a check to what the server says of itself; without it, the verdict is unknown with the reason. */
final class Asked {

    /** Why Redis does not answer, and what mends it, is told by the check ping, and there alone. */
    static final Finding WAITS = Finding.unknown("Redis does not answer", "this waits for ping", "");

    private Asked() {}

    static Verdict server(InstanceState instance, Function<ServerState, Verdict> judge) {
        if (instance.isSilent()) {
            return Verdict.of(WAITS);
        }
        return instance.server().fold(judge, Asked::noInfo);
    }

    static Verdict info(InstanceState instance, BiFunction<Fields, Reading<Fields>, Verdict> judge) {
        return server(instance, server -> judge.apply(server.info(), server.config()));
    }

    /** For a check that says nothing without CONFIG. */
    static Verdict config(InstanceState instance, BiFunction<ServerState, Fields, Verdict> judge) {
        return server(
                instance,
                server -> server.config()
                        .fold(
                                config -> judge.apply(server, config),
                                unknown -> Verdict.of(noConfig(unknown, Commands.of(instance)))));
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
                commands.allowConfigGet(unknown));
    }
}
