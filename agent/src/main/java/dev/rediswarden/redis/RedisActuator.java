package dev.rediswarden.redis;

import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.redis.Administrator.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Changes one server's settings, each by itself: set while it runs, seen to be set, kept for the next start, read back
 * as that start would. What fails is as it was, in the server and in its file. Run by root, one at a time.
 */
public final class RedisActuator implements AutoCloseable {

    /** systemd starts a server that died within a second; it may have data to load. */
    private static final Duration RETURN = Duration.ofSeconds(20);

    /** Undoing these leaves the data as safe and as private as it is. */
    private static final Set<String> REVERSIBLE = Set.of("maxmemory", "maxmemory-policy", "appendfsync", "save");

    private final String unit;
    private final String instance;
    private final Administrator server;
    private final ConfKeeper keeper;
    private final Ledger ledger;
    private final AofSwitch aof;

    /**
     * @param conf redis.conf as the server has loaded it
     * @param state a directory of this instance's own that only root can read; it is made where it is not there
     * @param progress told a line now and then of what takes long
     */
    public RedisActuator(
            String instance,
            String unit,
            Target target,
            Path conf,
            Path state,
            Consumer<String> progress,
            LongSupplier nanos)
            throws IOException {
        if (!Files.isDirectory(state)) {
            Files.createDirectories(
                    state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        this.instance = instance;
        this.unit = unit;
        this.server = new Administrator(target, nanos);
        this.keeper = new ConfKeeper(server, conf, state);
        this.ledger = new Ledger(state.resolve("changes"));
        this.aof = new AofSwitch(server, nanos, progress);
    }

    /** Makes good what an earlier run was interrupted in; says what, where there was something. */
    public Optional<String> recover() throws IOException {
        return keeper.recover();
    }

    public Outcome carryOut(Action.Configure change) {
        try {
            Optional<Ledger.Change> prior = ledger.of(change.parameter());
            ledger.enter(change.parameter(), change.now(), change.value());
            Outcome outcome = attempt(change);
            if (!outcome.isDone()) {
                ledger.put(change.parameter(), prior);
            }
            return outcome;
        } catch (IOException e) {
            return new Outcome(change, Result.FAILED, "what was done cannot be written down: " + e.getMessage());
        }
    }

    private Outcome attempt(Action.Configure change) {
        try {
            String before = server.config(change.parameter());
            if (!before.equals(change.now())) {
                throw new Refused(
                        "nothing was changed: it is " + before + " by now, and was not when that was planned");
            }
            return new Outcome(change, Result.DONE, change(change));
        } catch (Refused e) {
            return new Outcome(change, Result.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private String change(Action.Configure change) throws Refused {
        try {
            String seen = set(change);
            String kept = keeper.keep(change.parameter(), change.value());
            return "CONFIG GET shows it, and a restart will (" + kept + ")" + seen;
        } catch (Refused e) {
            throw new Refused(e.getMessage() + rollBack(change));
        }
    }

    private String set(Action.Configure change) throws Refused {
        if (change.parameter().equals("appendonly") && change.value().equals("yes")) {
            return "; " + aof.on();
        }
        if (change.parameter().equals("maxmemory")) {
            bound(change);
        }
        if (!change.now().equals(change.value())) {
            server.set(change.parameter(), change.value());
        }
        return "";
    }

    /** Data that has grown since it was planned is not evicted. */
    private void bound(Action.Configure change) throws Refused {
        long used = server.info("memory").number("used_memory").orElse(0);
        long bound = Long.parseLong(change.value());
        if (bound > 0 && used > bound) {
            throw new Refused("its data takes " + used + " bytes by now");
        }
    }

    /** A server that died meanwhile has loaded its redis.conf, which is as it was. */
    private String rollBack(Action.Configure change) {
        if (change.now().equals(change.value())) {
            return "; it runs as before";
        }
        if (change.parameter().equals("appendonly")) {
            // Off again it would stand still, and be loaded in place of the dump wherever redis.conf says yes.
            return "; the append-only file stays on until the next restart";
        }
        if (!server.awaitAnswer(RETURN)) {
            return "; the server does not answer, and starts with redis.conf as it was before";
        }
        try {
            if (!ConfMeaning.isSame(change.parameter(), server.config(change.parameter()), change.now())) {
                server.set(change.parameter(), change.now());
            }
            return "; everything was taken back";
        } catch (Refused e) {
            return "; taking it back failed as well (" + e.getMessage() + "), the next run tries again";
        }
    }

    /**
     * What was changed is made what it was before, where nobody has changed it since.
     *
     * @param left told what stays
     */
    public List<Outcome> revert(List<Left> left) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Map.Entry<String, Ledger.Change> entry : ledger.read().entrySet()) {
            String parameter = entry.getKey();
            Ledger.Change change = entry.getValue();
            if (!change.before().equals(change.after())) {
                Optional<String> reason = stays(parameter, change);
                if (reason.isPresent()) {
                    left.add(new Left(
                            unit,
                            parameter + " stays as it is, " + reason.get(),
                            "redis-cli CONFIG SET " + parameter + " '" + change.before() + "' # as it was"));
                } else {
                    Outcome outcome = attempt(new Action.Configure(
                            instance, unit, parameter, change.after(), change.after(), change.before()));
                    outcomes.add(outcome);
                    if (!outcome.isDone()) {
                        continue; // it is still to be taken back
                    }
                }
            }
            ledger.put(parameter, Optional.empty());
        }
        return outcomes;
    }

    private Optional<String> stays(String parameter, Ledger.Change change) {
        if (!REVERSIBLE.contains(parameter)
                || (parameter.equals("save") && change.before().isEmpty())) {
            return Optional.of("as the data would be less safe without");
        }
        try {
            boolean ours = ConfMeaning.isSame(parameter, server.config(parameter), change.after());
            return ours ? Optional.empty() : Optional.of("as somebody has changed it since");
        } catch (Refused e) {
            return Optional.empty(); // the attempt tells why it cannot be
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
