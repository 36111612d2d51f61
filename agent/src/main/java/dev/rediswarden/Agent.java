package dev.rediswarden;

import dev.rediswarden.check.Past;
import dev.rediswarden.check.Report;
import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigurationProbe;
import dev.rediswarden.cycle.Cycle;
import dev.rediswarden.cycle.LatestReport;
import dev.rediswarden.host.HostName;
import dev.rediswarden.host.OwnProcessProbe;
import dev.rediswarden.http.HealthServer;
import dev.rediswarden.http.HistoryPaths;
import dev.rediswarden.http.HostGuard;
import dev.rediswarden.http.PagePaths;
import dev.rediswarden.http.Scrape;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.metrics.Metrics;
import dev.rediswarden.notify.Receiver;
import dev.rediswarden.page.StatusPage;
import dev.rediswarden.snapshot.OwnProcess;
import dev.rediswarden.systemd.SdNotify;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import jnr.constants.platform.Signal;
import jnr.posix.POSIXFactory;
import org.tinylog.Logger;

/** The daemon: one cycle, its presenters, and the service manager's wishes. Closed in the reverse order of its start. */
final class Agent {

    /** A report is believed for three cycles, which come each second at least, and some more on a busy host. */
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration PAST_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration OWN_EVERY = Duration.ofSeconds(10);

    private static final long LISTENERS_EVERY = Duration.ofSeconds(10).toNanos();

    private static final Path RUNTIME_DIRECTORY = Path.of("/run/redis-warden");

    private final Path configFile;
    private final ConfigurationProbe onDisk;
    private final Config config;
    private final HostGuard hosts;
    private final LatestReport latest;
    private final SdNotify systemd;
    private final Announcements announcements;
    private final Bells bells;
    private final Optional<SinceWriter> sinceWriter;
    private final Chronicle chronicle;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private volatile Optional<BulletinWriter> bulletins = Optional.empty();
    private volatile Optional<Listeners> listeners = Optional.empty();
    private long lookedAt;
    private final Assembly assembly;
    private final Cycle cycle;
    private final Seldom<OwnProcess> own;
    private volatile boolean stopping;
    private final CountDownLatch firstReport = new CountDownLatch(1);

    private Agent(
            Path configFile,
            ConfigurationProbe onDisk,
            Config config,
            Past past,
            InstantSource clock,
            LongSupplier nanos) {
        this.configFile = configFile;
        this.onDisk = onDisk;
        this.config = config;
        this.hosts = new HostGuard(config.allowedHosts(), HostName::read);
        this.latest = new LatestReport(clock.instant(), MAX_AGE, nanos);
        this.systemd = new SdNotify(System.getenv(), ProcessHandle.current().pid(), nanos);
        this.announcements = new Announcements(systemd, nanos);
        this.bells = new Bells(RUNTIME_DIRECTORY, nanos);
        this.threads = ProbeThreads.create();
        this.nanos = nanos;
        this.sinceWriter = SinceFile.of(System.getenv()).map(file -> new SinceWriter(file, threads));
        this.own = new Seldom<>(new OwnProcessProbe(), OWN_EVERY, nanos);
        this.clock = clock;
        notifyAsIn(config);
        this.chronicle = Chronicle.of(System.getenv(), threads, clock);
        this.assembly = new Assembly(System.getenv(), nanos, this::wake, chronicle, Optional.of(onDisk));
        this.cycle = new Cycle(assembly.watched(config, past), latest, this::published, threads, clock, nanos);
    }

    /**
     * Runs until it is told to stop.
     *
     * @return the exit code, where it could not start
     */
    static int run(Path configFile) throws InterruptedException {
        // The first line wakes up the logging, on a core that nothing else uses yet.
        CompletableFuture<Build> build = CompletableFuture.supplyAsync(Agent::introduce);
        InstantSource clock = InstantSource.system();
        CompletableFuture<Past> past = build.thenApply(introduced -> past(clock));
        ConfigurationProbe onDisk = new ConfigurationProbe(configFile);
        Config config;
        try {
            config = onDisk.load();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> Logger.error("{}", problem));
            return Exit.CONFIG;
        }
        return new Agent(configFile, onDisk, config, inTime(past), clock, System::nanoTime).run(build);
    }

    private static Past past(InstantSource clock) {
        return SinceFile.of(System.getenv())
                .map(file -> file.read(clock.instant()))
                .orElse(Past.NONE);
    }

    /** A disk that hangs is not waited for: only {@code since} is lost with it. */
    private static Past inTime(CompletableFuture<Past> past) throws InterruptedException {
        try {
            return past.get(PAST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            Logger.warn("how the checks stood before could not be read in time: their since begins anew");
            return Past.NONE;
        }
    }

    private static Build introduce() {
        Build build = Build.read();
        Logger.info("redis-warden {} ({}) on Java {}", build.version(), build.gitSha(), build.runtime());
        return build;
    }

    private int run(CompletableFuture<Build> introduced) throws InterruptedException {
        Thread loop = new Thread(this::cycle, "cycle");
        loop.start();
        // While the first cycle waits for Redis and the bus, the presenters are made.
        Build build = introduced.join();
        chronicle.tell("redis-warden", "version " + build.version() + " was started");
        HealthServer http = new HealthServer(
                config.listen(),
                hosts,
                latest,
                latest::isLive,
                new ReportJson(build),
                scrapes(metrics(build)),
                new HistoryPaths(latest, chronicle.history(), chronicle.events(), clock),
                new PagePaths(
                        latest,
                        new StatusPage(
                                HostName.read(), build.version(), chronicle.history(), chronicle.events(), clock)));
        try {
            http.start();
        } catch (BindException e) {
            Logger.error(
                    "http.listen: {} cannot be listened on ({}); see who has it: sudo ss -ltnp",
                    config.listen(),
                    e.getMessage());
            return Exit.UNAVAILABLE;
        }
        listenAsIn(config, http);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(http), "stop"));
        onHangup(() -> reload(http));
        firstReport.await();
        if (loop.isAlive()) {
            announcements.ready();
        }
        loop.join();
        return stopping ? Exit.OK : Exit.SOFTWARE;
    }

    /** Nobody waits for a report that a defect has kept from being made. */
    private void cycle() {
        try {
            cycle.run();
        } catch (RuntimeException e) {
            Logger.error(e, "the cycle failed");
        } finally {
            firstReport.countDown();
        }
    }

    private Metrics metrics(Build build) {
        return new Metrics(
                latest,
                own::last,
                latest::cycles,
                latest::timeInCycles,
                latest::age,
                bells::size,
                List.of(
                        () -> listeners.map(Listeners::figures).orElse(List.of()),
                        () -> bulletins.map(BulletinWriter::figures).orElse(List.of())),
                "version",
                build.version(),
                "git_sha",
                build.gitSha(),
                "runtime",
                build.runtime());
    }

    private static Scrape.Source scrapes(Metrics metrics) {
        return accept -> {
            String contentType = metrics.contentType(accept);
            return new Scrape(contentType, metrics.scrape(contentType));
        };
    }

    /** The cycle is made after what may wake it. */
    private void wake() {
        cycle.wake();
    }

    /** Those that are new are told how things stand. */
    private void notifyAsIn(Config next) {
        bulletins = next.receivers().isEmpty()
                ? Optional.empty()
                : Optional.of(new BulletinWriter(
                        Deliver.spool(System.getenv()),
                        Deliver.host(),
                        next.receivers().stream().map(Receiver::name).toList(),
                        threads,
                        clock,
                        nanos));
    }

    /** To other hosts, where the configuration has such listeners or had. */
    private void listenAsIn(Config next, HealthServer http) {
        if (listeners.isEmpty() && !next.listeners().isEmpty()) {
            listeners = Optional.of(new Listeners(http, hosts, clock));
        }
        listeners.ifPresent(all -> all.become(next.listeners()));
    }

    /** Their files may be on a disk that hangs. */
    private void lookAtListeners() {
        long now = nanos.getAsLong();
        if (listeners.isPresent() && !stopping && now - lookedAt >= LISTENERS_EVERY) {
            lookedAt = now;
            threads.execute(listeners.get()::look);
        }
    }

    private void published(Report before, Report now) {
        announcements.published(before, now);
        bells.published(now);
        own.look();
        sinceWriter.ifPresent(writer -> writer.published(before, now));
        chronicle.published(before, now);
        bulletins.ifPresent(writer -> writer.published(before, now));
        lookAtListeners();
        firstReport.countDown();
    }

    private static void onHangup(Runnable action) {
        POSIXFactory.getJavaPOSIX().signal(Signal.SIGHUP, number -> action.run());
    }

    /** One at a time, each signal having a thread of its own: the file that is read last is the one in force. */
    private synchronized void reload(HealthServer http) {
        systemd.reloading();
        try {
            Config next = onDisk.load();
            cycle.replace(assembly.watched(next, Past.NONE)).get(RELOAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            hosts.allow(next.allowedHosts());
            notifyAsIn(next);
            listenAsIn(next, http);
            Logger.info("{} reloaded", configFile);
            chronicle.tell("redis-warden", configFile + " reloaded");
            if (!next.listen().equals(config.listen())) {
                Logger.warn(
                        "http.listen is now {}, and takes effect with: sudo systemctl restart redis-warden.service",
                        next.listen());
            }
        } catch (ConfigException e) {
            e.problems().forEach(problem -> Logger.error("{}", problem));
            Logger.error("{} is not used, the configuration before stays in force", configFile);
            chronicle.tell("redis-warden", configFile + " is not used: it has errors");
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            Logger.error(e, "the reload did not come to an end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        announcements.ready();
    }

    private void stop(HealthServer http) {
        stopping = true;
        systemd.stopping();
        listeners.ifPresent(Listeners::close);
        http.close();
        cycle.close();
    }
}
