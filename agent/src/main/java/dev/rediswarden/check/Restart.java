package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.ServerState;
import java.util.Map;

/** The command that restarts a server; where its data would not be there again, after what has it there. */
final class Restart {

    private static final Fields NOTHING = new Fields(Map.of());

    private Restart() {}

    /**
     * @param cli how the server is asked
     * @param unit what systemd calls it, as a word for a shell
     */
    static String of(InstanceState instance, String cli, String unit) {
        String restart = "sudo systemctl restart " + unit;
        if (isLogUnwritten(instance)) {
            return cli + " CONFIG SET appendonly yes # first: a restart would load an append-only file that was never"
                    + " written; once aof_rewrite_in_progress of INFO is 0: " + restart;
        }
        // redis-cli ends well after an error of the server's.
        return isLeftUnsaved(instance) ? cli + " SAVE | grep OK && " + restart : restart;
    }

    /** Nothing but what runs knows that the log is off: redis.conf has it on, and then no dump is looked at. */
    static boolean isLogUnwritten(InstanceState instance) {
        return instance.confFile().optional().orElse(NOTHING).is("appendonly", "yes")
                && config(instance).is("appendonly", "no");
    }

    /**
     * Redis does not save as it stops where there are no save points; where it cannot save, it refuses to stop, for which
     * Debian's unit waits without end.
     */
    private static boolean isLeftUnsaved(InstanceState instance) {
        Fields info = instance.server().optional().map(ServerState::info).orElse(NOTHING);
        Fields config = config(instance);
        boolean wanted =
                instance.policy().role().isBroker() || instance.policy().rdb();
        return !instance.isSilent()
                && config.is("appendonly", "no")
                && ((config.is("save", "") && wanted)
                        || config.is("dir", "")
                        || info.is("rdb_last_bgsave_status", "err"));
    }

    private static Fields config(InstanceState instance) {
        return instance.server()
                .optional()
                .flatMap(server -> server.config().optional())
                .orElse(NOTHING);
    }
}
