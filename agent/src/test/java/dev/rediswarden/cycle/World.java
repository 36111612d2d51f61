package dev.rediswarden.cycle;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.snapshot.Verification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** One healthy instance, {@code main}, made of fake probes, with a clock that stands still until it is told. */
final class World implements AutoCloseable {

    static final Duration FAST = Duration.ofSeconds(1);
    static final Duration SLOW = Duration.ofSeconds(10);

    final FakeProbe<Ping> ping;
    final FakeProbe<UnitState> unit;
    final FakeProbe<ServerState> server;
    final FakeProbe<Fields> confFile;
    final FakeProbe<DataFiles.Look> files;
    final FakeProbe<Long> openFiles;
    final FakeProbe<Verification> verification;
    final FakeProbe<KernelSettings> kernel;
    final FakeProbe<List<Listener>> listeners;
    final FakeProbe<SiteUnits> siteUnits;
    final FakeProbe<Stewardship> stewardship;
    final AtomicInteger busClosed = new AtomicInteger();
    final AtomicLong now = new AtomicLong(1_000_000_000_000L);
    final List<Report> reports = new CopyOnWriteArrayList<>();
    final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-probe");
        thread.setDaemon(true);
        return thread;
    });

    World() {
        InstanceState healthy = Given.healthy().state("main");
        ping = new FakeProbe<>("PING of main", healthy::ping);
        unit = new FakeProbe<>("the unit of main", () -> healthy.unit().orElseThrow());
        server = new FakeProbe<>("INFO of main", healthy::server);
        confFile = new FakeProbe<>("redis.conf of main", healthy::confFile);
        files = new FakeProbe<>("the files of main", healthy::files);
        openFiles = new FakeProbe<>("the open files of main", healthy::openFiles);
        verification = new FakeProbe<>("what was verified of main", healthy::verification);
        kernel = new FakeProbe<>("the kernel's settings", Given.healthy()::kernel);
        listeners = new FakeProbe<>("the sockets", Given.healthy()::listeners);
        siteUnits = new FakeProbe<>("the site's units", Given.healthy().snapshot()::siteUnits);
        stewardship = new FakeProbe<>("what apply has decided", Given.healthy().snapshot()::stewardship);
    }

    Watched watched() {
        return watched(now::get, FAST, SLOW);
    }

    Watched watched(LongSupplier nanos, Duration fast, Duration slow) {
        InstanceWatch instance = new InstanceWatch(
                "main",
                Policy.VPS,
                new Watch<>(ping, Pace.fast(fast, Duration.ofSeconds(1)), nanos),
                Optional.of(new Watch<>(unit, Pace.fast(fast, Duration.ofSeconds(1)), nanos)),
                new Watch<>(server, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(confFile, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(files, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(openFiles, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(verification, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                Optional.empty(),
                Optional.empty());
        return new Watched(
                new Watch<>(kernel, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(listeners, Pace.slow(slow, Duration.ofSeconds(1)), nanos),
                new Watch<>(siteUnits, Pace.fast(fast, Duration.ofSeconds(1)), nanos),
                new Watch<>(stewardship, Pace.fast(fast, Duration.ofSeconds(1)), nanos),
                List.of(instance),
                new Checkup(Checkup.STANDARD, Map.of()),
                List.of(busClosed::incrementAndGet));
    }

    List<FakeProbe<?>> probes() {
        return List.of(
                ping,
                unit,
                server,
                confFile,
                files,
                openFiles,
                verification,
                kernel,
                listeners,
                siteUnits,
                stewardship);
    }

    LatestReport latest(LongSupplier nanos) {
        return new LatestReport(Given.NOW, Duration.ofSeconds(5), nanos);
    }

    /** A cycle to be turned by hand, by {@link Cycle#once}. */
    Cycle byHand(LatestReport latest) {
        return new Cycle(
                watched(), latest, (before, report) -> reports.add(report), threads, () -> Given.NOW, now::get);
    }

    void advance(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        probes().forEach(FakeProbe::release);
        threads.shutdownNow();
    }
}
