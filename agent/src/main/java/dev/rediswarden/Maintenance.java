package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.systemd.Decisions.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/** A time in which nothing is changed but by a person, and its end. */
record Maintenance(Config config, PrintWriter out, InstantSource clock, LongSupplier nanos) {

    private Account account() {
        return new Account(out, Chronicle.decisions(), new StewardshipFile(StewardshipFile.DEFAULT));
    }

    int pause(Duration duration) throws IOException {
        return new RootsLock(out).during(() -> {
            Instant until = begin(account(), duration);
            out.println("paused until " + until + "; to end it sooner: sudo redis-warden resume");
            return Exit.OK;
        });
    }

    /** Called by who holds the lock. */
    Instant begin(Account account, Duration duration) throws IOException {
        Instant until = clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS);
        account.published().write(account.before().paused(until));
        account.decisions().tell(Kind.PAUSED, "redis-warden.service", "paused until " + until + " by an administrator");
        return until;
    }

    /** Ends a pause, begins anew with what was given up, and does what is to be done. */
    int resume() throws IOException {
        int resumed = new RootsLock(out).during(() -> {
            Account account = account();
            account.published().write(account.before().begunAnew());
            new UnitChanges(RootsLock.STATE, account, nanos).forget();
            new SettingChanges(new Settings(config, RootsLock.STATE, nanos), RootsLock.STATE, account).forget();
            account.decisions()
                    .tell(Kind.RESUMED, "redis-warden.service", "resumed by an administrator, with full budgets");
            out.println("resumed; budgets are full again");
            return Exit.OK;
        });
        if (resumed != Exit.OK) {
            return resumed;
        }
        Apply apply = new Apply(config, out, clock, nanos);
        int units = apply.apply(false, Scope.UNITS);
        boolean enforced =
                config.redis().stream().anyMatch(redis -> redis.policy().enforce());
        int settings = enforced ? new Enforce(config, out, clock, nanos).run() : Exit.OK;
        if (!enforced) {
            apply.tellOfSettings();
        }
        return units == Exit.OK ? settings : units;
    }
}
