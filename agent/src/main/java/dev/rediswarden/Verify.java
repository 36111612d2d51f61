package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.host.VerificationRun;
import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.ServerProbe;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Verifies the files of every server that a unit of this host runs; a server that is down as its redis.conf has it. */
record Verify(Config config, VerificationRun run, VerifyText text, LongSupplier nanos) {

    /** A file that Redis is about to replace is not worth being read, for as long as most rewrites take. */
    private static final Duration REWRITE = Duration.ofSeconds(30);

    int all() throws IOException {
        int code = Exit.OK;
        for (RedisInstance redis : config.redis()) {
            if (!redis.units().isEmpty()) {
                code = worse(code, verify(redis));
            }
        }
        run.end();
        text.end();
        return code;
    }

    /** Damage is worse than what is not known. */
    private static int worse(int one, int other) {
        return one == Exit.UNHEALTHY || other == Exit.UNHEALTHY ? Exit.UNHEALTHY : Math.max(one, other);
    }

    private int verify(RedisInstance redis) throws IOException {
        try (ServerProbe probe = new ServerProbe(redis.name(), Assembly.target(redis), redis.policy(), nanos)) {
            Patience patience = new Patience(REWRITE, nanos, text::waiting);
            Reading<ServerState> server = patience.until(probe::read, Verify::rewriting);
            BooleanSupplier answers = () -> probe.read().optional().isPresent();
            return server.optional().isPresent()
                    ? ofServer(redis.name(), server.optional().get(), answers)
                    : ofConf(redis, server.fold(state -> "", Unknown::detail));
        } catch (InvalidPathException e) {
            return unknown(redis.name(), "a path of its settings is none: " + e.getReason());
        }
    }

    private static String rewriting(Reading<ServerState> server) {
        Fields info = server.optional().map(ServerState::info).orElse(new Fields(Map.of()));
        boolean busy = info.is("rdb_bgsave_in_progress", "1")
                || info.is("aof_rewrite_in_progress", "1")
                || info.is("aof_rewrite_scheduled", "1");
        return busy ? "Redis is writing these files anew" : "";
    }

    private int ofServer(String name, ServerState server, BooleanSupplier answers) throws IOException {
        return server.config() instanceof Reading.Known<Fields> known
                ? files(name, server.info(), known.value(), answers)
                : unknown(name, "CONFIG GET: " + server.config().fold(fields -> "", Unknown::detail));
    }

    /** Nobody writes then, and what a restart loads is all the more of interest. */
    private int ofConf(RedisInstance redis, String why) throws IOException {
        try (ConfProbe probe = new ConfProbe(redis.name(), redis.confFiles())) {
            Reading<Fields> conf = probe.read();
            return conf instanceof Reading.Known<Fields> known
                            && known.value().text("dir").isPresent()
                    ? files(redis.name(), new Fields(Map.of()), known.value(), () -> false)
                    : unknown(redis.name(), why);
        }
    }

    private int files(String name, Fields info, Fields settings, BooleanSupplier answers) throws IOException {
        List<Verified> files;
        try {
            files = run.verify(name, info, settings, answers);
        } catch (NoSuchFileException e) {
            return unknown(name, e.getMessage() + " is not there");
        }
        boolean damaged = files.stream()
                .map(Verified::outcome)
                .anyMatch(outcome -> outcome == Outcome.DAMAGED || outcome == Outcome.TORN);
        boolean known = files.stream().map(Verified::outcome).allMatch(Outcome::isKnown);
        return damaged ? Exit.UNHEALTHY : known ? Exit.OK : Exit.NOT_EVALUATED;
    }

    private int unknown(String name, String why) {
        run.skip(name);
        text.unknown(name, why);
        return Exit.NOT_EVALUATED;
    }
}
