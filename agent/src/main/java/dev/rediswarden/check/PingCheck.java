package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Redis answers. A refused connection is certain and counts at once; a timeout may be a busy host and counts when it
 * repeats, or when systemd says that the server is not running anyway.
 */
record PingCheck(int timeoutsUntilUnhealthy) implements Check {

    /** A unit that has just become active may not listen yet, nor be known to have ended. */
    private static final Duration LISTENS_WITHIN = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "ping";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return instance.ping()
                .fold(ping -> judge(ping, instance, snapshot.takenAt()), unknown -> Verdict.of(notAsked(unknown)));
    }

    /** It tells how long the last one took. */
    @Override
    public boolean isLasting(InstanceState instance, Snapshot snapshot) {
        return false;
    }

    private Verdict judge(Ping ping, InstanceState instance, Instant now) {
        Verdict verdict =
                switch (ping.outcome()) {
                    case PONG -> Verdict.ok("PONG from " + ping.address() + " in " + ping.latencyText());
                    case MISCONF -> Verdict.ok(ping.address() + " answers, and says that it refuses writes");
                    case REFUSED -> Verdict.of(refused(ping, instance, now));
                    case TIMEOUT -> Verdict.of(timedOut(ping, instance));
                    case LOADING -> Verdict.of(loading(ping, instance));
                    case NOT_PERMITTED -> Verdict.of(notPermitted(ping));
                    case BUSY -> Verdict.of(busy(ping, instance));
                    case ERROR -> Verdict.of(error(ping, instance));
                };
        return ping.isSilent() ? verdict : verdict.withLatency(ping.latency());
    }

    private static Finding notAsked(Reading.Unknown<Ping> unknown) {
        return Finding.unknown(
                unknown.detail(),
                "whether Redis answers is not known",
                "sudo journalctl -u redis-warden.service -n 50");
    }

    private static Finding refused(Ping ping, InstanceState instance, Instant now) {
        return Finding.unhealthy(
                ping.address() + " cannot be reached (" + ping.reply() + ")" + unitText(instance),
                "cache, queue and sessions are down",
                unit(instance)
                        .filter(u -> u.activeState().equals("active")
                                && u.stateChangedAt().plus(LISTENS_WITHIN).isBefore(now))
                        .map(u -> elsewhere(instance))
                        .orElseGet(() -> remedyForStopped(instance)));
    }

    /** A start does nothing for what runs already. */
    private static String elsewhere(InstanceState instance) {
        return "sudo ss -lntxp | grep -E 'redis|valkey'; "
                + Commands.of(instance).journal() + " # if it listens elsewhere: "
                + Commands.configure("url = \"redis://HOST:PORT\"");
    }

    private Finding timedOut(Ping ping, InstanceState instance) {
        boolean certain = ping.timeoutsInRow() >= timeoutsUntilUnhealthy || isStopped(instance);
        String evidence = ping.timeoutsInRow() + " PING in a row to " + ping.address() + " without an answer"
                + unitText(instance);
        long pid = unit(instance).map(UnitState::mainPid).orElse(0L);
        String remedy = isStopped(instance) || pid == 0
                ? remedyForStopped(instance)
                : "ps -o pid,stat,wchan:32,args -p " + pid + "; sudo kill -CONT " + pid + "; "
                        + Commands.of(instance).journal();
        return certain
                ? Finding.unhealthy(evidence, "the server hangs, and so does every client", remedy)
                : Finding.degraded(evidence, "the server is slow or hangs", remedy);
    }

    private static Finding loading(Ping ping, InstanceState instance) {
        String eta = ping.loadingEta().isPresent()
                ? ", ready in about " + ping.loadingEta().getAsLong() + " s"
                : ", no estimate yet";
        return Finding.degraded(
                ping.address() + " is loading its dataset into memory" + eta,
                "commands are refused until it is done; a restart would start over",
                Commands.of(instance).cli() + " INFO persistence");
    }

    private static Finding notPermitted(Ping ping) {
        return Finding.unknown(
                ping.address() + " answers, but not to redis-warden (" + ping.reply() + ")",
                "whether it serves its clients cannot be verified",
                "sudo install -m 0640 -g redis-warden /dev/stdin /etc/redis-warden/redis.password && "
                        + Commands.configure("password_file = \"/etc/redis-warden/redis.password\""));
    }

    private static Finding busy(Ping ping, InstanceState instance) {
        return Finding.degraded(
                ping.address() + " answers BUSY (" + ping.reply() + ")",
                "a script or function blocks every client",
                Commands.of(instance).cli() + " SCRIPT KILL");
    }

    private static Finding error(Ping ping, InstanceState instance) {
        return Finding.degraded(
                ping.address() + " answers PING with an error (" + ping.reply() + ")",
                "it does not serve its clients as it should",
                Commands.of(instance).journal());
    }

    private static Optional<UnitState> unit(InstanceState instance) {
        return instance.unit().flatMap(Reading::optional);
    }

    private static boolean isStopped(InstanceState instance) {
        return unit(instance)
                .filter(u ->
                        u.activeState().equals("inactive") || u.activeState().equals("failed"))
                .isPresent();
    }

    private static String unitText(InstanceState instance) {
        return unit(instance).map(u -> ", " + UnitCheck.describe(u)).orElse("");
    }

    private static String remedyForStopped(InstanceState instance) {
        Commands commands = Commands.of(instance);
        return unit(instance)
                .map(u -> UnitCheck.remedy(u, commands))
                .orElse(commands.systemctl("status") + "; " + commands.journal());
    }
}
