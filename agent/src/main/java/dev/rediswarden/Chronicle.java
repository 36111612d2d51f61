package dev.rediswarden;

import dev.rediswarden.check.Report;
import dev.rediswarden.history.Event;
import dev.rediswarden.history.EventFiles;
import dev.rediswarden.history.EventLog;
import dev.rediswarden.history.EventWriter;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.ForecastProbe;
import dev.rediswarden.history.History;
import dev.rediswarden.history.HistoryFiles;
import dev.rediswarden.history.Recorder;
import dev.rediswarden.history.RingWriter;
import dev.rediswarden.history.Turnstile;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.systemd.Decisions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** What was: written as the cycle goes on, read by who asks. */
record Chronicle(
        History history,
        Events events,
        Optional<Recorder> recorder,
        Optional<EventWriter> writer,
        InstantSource clock) {

    /** Where root's commands leave theirs, which everybody may read. */
    static final EventLog OF_ROOT = new EventLog(Path.of("/var/lib/redis-warden-events/events"), "rw-r--r--");

    /** In the state directory that systemd gives (systemd.exec(5)); where it gives none, nothing is kept. */
    static Chronicle of(Map<String, String> environment, Executor threads, InstantSource clock) {
        String state = environment.getOrDefault("STATE_DIRECTORY", "").split(":", 2)[0];
        Turnstile turnstile = new Turnstile();
        if (!state.startsWith("/")) {
            return new Chronicle(
                    History.NONE,
                    new EventFiles(List.of(OF_ROOT), clock, turnstile),
                    Optional.empty(),
                    Optional.empty(),
                    clock);
        }
        Path directory = Path.of(state).resolve("history");
        EventLog own = new EventLog(directory.resolve("events"), "rw-r-----");
        return new Chronicle(
                new HistoryFiles(directory, clock, turnstile),
                new EventFiles(List.of(own, OF_ROOT), clock, turnstile),
                Optional.of(new Recorder(new RingWriter(directory), threads)),
                Optional.of(new EventWriter(own, threads)),
                clock);
    }

    /** Nothing is written; where this user may, what the daemon has written is read. */
    static Chronicle ofDaemon(InstantSource clock) {
        return new Chronicle(
                new HistoryFiles(Path.of("/var/lib/redis-warden/history"), clock, new Turnstile()),
                Events.NONE,
                Optional.empty(),
                Optional.empty(),
                clock);
    }

    /** What an instance runs out of; empty where nothing is kept to draw it from. */
    Optional<ForecastProbe> forecast(String redis, Supplier<Reading<ServerState>> server) {
        return history == History.NONE
                ? Optional.empty()
                : Optional.of(new ForecastProbe(redis, history, server, clock));
    }

    /** Called by the cycle, after each. */
    void published(Report before, Report now) {
        recorder.ifPresent(of -> of.published(now));
        writer.ifPresent(of -> of.published(before, now));
    }

    /** Something about the agent itself. */
    void tell(String subject, String text) {
        writer.ifPresent(of -> of.write(List.of(new Event(clock.instant(), Event.Kind.AGENT, "", subject, text))));
    }

    /** Decisions of root's, in the journal and among the events. */
    static Decisions decisions() {
        InstantSource clock = InstantSource.system();
        return Decisions.ofHost((unit, text) -> {
            try {
                OF_ROOT.append(List.of(new Event(clock.instant(), Event.Kind.DECISION, "", unit, text)));
            } catch (IOException | RuntimeException e) {
                // The journal has it, and nothing depends on this.
                Logger.debug("{} cannot be written: {}", OF_ROOT.file(), e.toString());
            }
        });
    }
}
