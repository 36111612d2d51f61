package dev.rediswarden.host;

import dev.rediswarden.host.VerificationFile.Entry;
import dev.rediswarden.host.VerificationFile.State;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Verification;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Reads what {@code redis-warden verify} has found in one server's files, and whether those are still the same. */
public final class VerificationProbe implements Probe<Verification> {

    private static final String TIMER = "redis-warden-verify.timer";

    private final String instance;
    private final VerificationFile file;
    private final Path units;
    private final LongSupplier nanos;
    private Optional<Instant> ended = Optional.empty();
    private long since;

    /** @param nanos a clock that stands still while the host sleeps, as its timers do: {@code System::nanoTime} */
    public VerificationProbe(String instance, Path file, LongSupplier nanos) {
        this(instance, file, Path.of("/etc/systemd/system"), nanos);
    }

    VerificationProbe(String instance, Path file, Path units, LongSupplier nanos) {
        this.instance = instance;
        this.file = new VerificationFile(file);
        this.units = units;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    @Override
    public String name() {
        return "what was verified of " + instance;
    }

    @Override
    public Reading<Verification> read() {
        try {
            State state = file.read();
            if (!state.ended().equals(ended)) {
                ended = state.ended();
                since = nanos.getAsLong();
            }
            return Reading.known(new Verification(
                    isScheduled(),
                    Duration.ofNanos(nanos.getAsLong() - since),
                    state.reading().filter(at -> at.instance().equals(instance)).map(VerificationFile.At::progress),
                    state.entries().stream()
                            .filter(entry -> entry.instance().equals(instance))
                            .map(VerificationProbe::verified)
                            .toList()));
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, "this user may not read " + file.path());
        } catch (IOException e) {
            return Reading.unknown(Cause.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** An administrator who disables or masks the timer wants none; nobody is told to want one. */
    private boolean isScheduled() {
        return Files.exists(units.resolve("timers.target.wants").resolve(TIMER), LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(units.resolve(TIMER));
    }

    static Verified verified(Entry entry) {
        return new Verified(
                entry.path().toString(),
                entry.kind(),
                entry.outcome(),
                entry.offset(),
                entry.identity().size(),
                entry.words(),
                entry.at(),
                isCurrent(entry));
    }

    /** A log grows with each write: what was found in it is still in it, but for a tail that was not whole. */
    private static boolean isCurrent(Entry entry) {
        try {
            FileIdentity now = FileIdentity.of(entry.path());
            boolean mayGrow = entry.kind().isGrowing() && entry.outcome() != Outcome.TORN;
            return mayGrow ? entry.identity().isGrownTo(now) : entry.identity().equals(now);
        } catch (IOException e) {
            return false;
        }
    }
}
