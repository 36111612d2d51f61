package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Contest;
import dev.rediswarden.plan.Enforcement;
import dev.rediswarden.plan.Insistence;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Puts settings right that nobody was asked about: of servers whose configuration says {@code enforce}, and never again
 * and again. Called by the daemon, and deciding for itself.
 */
final class Enforce {

    private final Config config;
    private final PrintWriter out;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Account account;
    private final List<RedisInstance> enforced;
    private final Settings settings;
    private final SettingChanges changes;

    Enforce(Config config, PrintWriter out, InstantSource clock, LongSupplier nanos) {
        this.config = config;
        this.out = out;
        this.clock = clock;
        this.nanos = nanos;
        this.account = new Account(out, Chronicle.decisions(), new StewardshipFile(StewardshipFile.DEFAULT));
        this.enforced = config.redis().stream()
                .filter(redis -> redis.policy().enforce())
                .toList();
        // All servers are read, for the needs of the kernel; these alone are touched.
        this.settings = new Settings(config, RootsLock.STATE, nanos);
        Config alone = new Config(
                config.listen(),
                config.allowedHosts(),
                config.listeners(),
                config.fast(),
                config.slow(),
                enforced,
                config.docker(),
                config.order(),
                config.sites(),
                config.receivers(),
                config.settings());
        this.changes = new SettingChanges(new Settings(alone, RootsLock.STATE, nanos), RootsLock.STATE, account);
    }

    int run() throws IOException {
        if (enforced.isEmpty()) {
            out.println("nothing to do: no [[redis]] of the configuration says enforce = true");
            out.flush();
            return Exit.OK;
        }
        return new RootsLock(out).during(() -> {
            Stewardship before = account.before();
            Optional<Instant> paused = before.pausedAt(clock.instant());
            if (paused.isPresent()) {
                out.println("nothing was changed: paused until " + paused.get());
                return Exit.OK;
            }
            Snapshot units;
            try (Units read = Units.open(config, nanos)) {
                units = read.ofServers(clock.instant());
            }
            Optional<String> blind = Units.blindness(units);
            if (blind.isPresent()) {
                out.println("nothing was changed: " + blind.get());
                return Exit.NOT_EVALUATED;
            }
            changes.recover();
            return carryOut(settings.look().with(units), before);
        });
    }

    private int carryOut(Snapshot snapshot, Stewardship before) throws IOException {
        InsistenceFile remembered = changes.insistences();
        Contest contest = Contest.of(Enforcement.plan(snapshot), ofEnforced(remembered.read()), clock.instant());
        // Before the deed: one that is killed has been one as well.
        remembered.write(contest.insistences());
        List<Outcome> outcomes = new ArrayList<>();
        try {
            changes.carryOut(contest.plan(), outcome -> {
                outcomes.add(outcome);
                account.tellEnforced(outcome);
            });
        } finally {
            remembered.write(contest.after(outcomes));
            account.publish(before, outcomes, contest);
        }
        account.say(contest.plan().left());
        Done done = Done.of(outcomes, contest.plan().left());
        if (done.isNothing()) {
            out.println(
                    "nothing to do: settings are as they are wished" + (done.left() ? " but for what is left" : ""));
        }
        return done.failed() ? Exit.UNHEALTHY : Exit.OK;
    }

    /** What is no longer to be enforced was decided about. */
    private Map<String, Insistence> ofEnforced(Map<String, Insistence> remembered) {
        Map<String, Insistence> kept = new LinkedHashMap<>(remembered);
        kept.keySet()
                .removeIf(setting -> !setting.startsWith(Contested.KERNEL)
                        && enforced.stream().noneMatch(redis -> setting.startsWith(redis.name() + "/")));
        return kept;
    }
}
