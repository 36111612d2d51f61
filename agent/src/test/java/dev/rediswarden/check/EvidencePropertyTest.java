package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No check takes for ok what it was not told: one field after the other is missing, or says nothing that it can mean. */
class EvidencePropertyTest {

    private static final long SEED = 20_260_105;

    /** None of them is what any field may say. */
    private static final List<String> GARBAGE =
            List.of("", "?", "-", "o", "okk", "ye", "-1", "x.y", "NaN", "0x", "\u0000");

    private static final long FULL = 1L << 30;

    /** What a check cannot do without, in INFO and in CONFIG: without it, it is unknown or worse. */
    private record Claim(String check, List<String> info, List<String> config) {

        @Override
        public String toString() {
            return check;
        }
    }

    /**
     * A world in which a check has found something.
     *
     * @param exempt fields whose absence takes the fault away, each with the reason
     */
    private record Faulty(String sentence, String check, Given given, Map<String, String> exempt) {

        @Override
        public String toString() {
            return sentence;
        }
    }

    static List<Claim> claims() {
        return List.of(
                new Claim("writable", List.of("role", "maxmemory", "used_memory"), List.of()),
                new Claim("identity", List.of("process_id"), List.of()),
                new Claim(
                        "persistence",
                        List.of(
                                "rdb_last_bgsave_status",
                                "aof_enabled",
                                "aof_last_write_status",
                                "aof_last_bgrewrite_status",
                                "rdb_changes_since_last_save",
                                "rdb_last_save_time"),
                        List.of("appendonly", "save")),
                new Claim("memory", List.of("maxmemory", "used_memory", "mem_fragmentation_ratio"), List.of()),
                new Claim("kernel", List.of(), List.of("tcp-backlog")),
                new Claim("clients", List.of("connected_clients", "connected_slaves"), List.of()),
                new Claim("latency", List.of("latest_fork_usec"), List.of()),
                new Claim("drift", List.of("redis_version", "config_file"), List.of("port", "bind", "save", "dir")));
    }

    static List<Faulty> faults() {
        Given large = healthy().withInfo("used_memory", String.valueOf(128 << 20));
        return List.of(
                faulty("a replica", "writable", healthy().withInfo("role", "slave")),
                faulty("full, and nothing is evicted", "writable", healthy().withInfo("used_memory", "" + FULL)),
                faulty("without a bound", "memory", healthy().withInfo("maxmemory", "0")),
                faulty("near its bound", "memory", healthy().withInfo("used_memory", String.valueOf(FULL / 100 * 95))),
                faulty("fragmented", "memory", large.withInfo("mem_fragmentation_ratio", "2.5")),
                faulty("a snapshot failed", "persistence", healthy().withInfo("rdb_last_bgsave_status", "err")),
                faulty("a write failed", "persistence", healthy().withInfo("aof_last_write_status", "err")),
                faulty("a rewrite failed", "persistence", healthy().withInfo("aof_last_bgrewrite_status", "err")),
                faulty("nothing is kept", "persistence", healthy().withConfig("save", "")),
                faulty(
                        "late with its snapshot",
                        "persistence",
                        healthy()
                                .withInfo("rdb_changes_since_last_save", "1000")
                                .withInfo("rdb_last_save_time", "1")),
                faulty("no room", "clients", healthy().withInfo("connected_clients", "9999")),
                faulty(
                        "no room for replicas",
                        "clients",
                        healthy().withInfo("connected_clients", "7000").withInfo("connected_slaves", "2000")),
                faulty("a slow fork", "latency", healthy().withInfo("latest_fork_usec", "2000000")),
                faulty(
                        "another process answers",
                        "identity",
                        healthy().with(settled()).withInfo("process_id", "999")),
                faulty("a place that a restart changes", "drift", healthy().withConfig("dir", "/tmp")),
                faulty(
                        "a bound that a restart takes away",
                        "drift",
                        healthy().withConfig("maxmemory", "7"),
                        Map.of("maxmemory", "redis.conf does not name it, and a version may not have it")),
                faulty("a short queue", "kernel", healthy().with(Given.kernel(1, "never", "tsc", 128))),
                faulty("huge pages", "kernel", healthy().with(Given.kernel(1, "always", "tsc", 4096))),
                faulty("open to others", "binding", healthy().listening(open(6379))),
                faulty(
                        "open to others by TLS",
                        "binding",
                        healthy()
                                .withConfig("tls-port", "6380")
                                .listening(Given.listener("127.0.0.1", 6379), open(6380)),
                        Map.of("tls-port", "a server that was built without TLS has none")),
                faulty(
                        "one change from open",
                        "binding",
                        healthy().withConfig("protected-mode", "no").withPasswordAsked(Reading.known(false)),
                        Map.of("protected-mode", "the sockets are the proof, and they are closed")),
                faulty(
                        "an address that the next start opens",
                        "binding",
                        healthy().withConfig("bind", "0.0.0.0"),
                        Map.of(
                                "bind", "the sockets are the proof, and they are closed",
                                "port", "the sockets are the proof, and they are closed")));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void withoutWhatACheckNeedsItIsNotOk(Claim claim) {
        Given given = healthy().withInfo("used_memory", String.valueOf(128 << 20));
        assertThat(status(given, claim.check())).isEqualTo(Status.OK);
        for (String field : claim.info()) {
            for (Given mutant : infoMutants(given, field)) {
                assertThat(status(mutant, claim.check()))
                        .as("%s: %s", field, mutant.info().get(field))
                        .isNotIn(Status.OK, Status.OFF);
            }
        }
        for (String field : claim.config()) {
            assertThat(status(withoutConfig(given, field), claim.check()))
                    .as("without %s", field)
                    .isNotIn(Status.OK, Status.OFF);
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noFieldThatIsLostOrSpoiltHidesAFault(Faulty faulty) {
        assertThat(status(faulty.given(), faulty.check())).isGreaterThan(Status.UNKNOWN);
        for (String field : new TreeSet<>(faulty.given().info().keySet())) {
            for (Given mutant : infoMutants(faulty.given(), field)) {
                String value = String.valueOf(mutant.info().get(field));
                assertThat(status(mutant, faulty.check()))
                        .as("INFO %s: %s", field, value)
                        .isNotIn(Status.OK, Status.OFF);
            }
        }
        Map<String, String> config = faulty.given().config().optional().orElseThrow();
        for (String field : new TreeSet<>(config.keySet())) {
            if (!faulty.exempt().containsKey(field)) {
                assertThat(status(withoutConfig(faulty.given(), field), faulty.check()))
                        .as("without CONFIG %s", field)
                        .isNotIn(Status.OK, Status.OFF);
            }
        }
    }

    /** Several at a time, of any of the two: no check throws, which would say that it itself failed. */
    @ParameterizedTest
    @MethodSource("faults")
    void noLossMakesACheckFail(Faulty faulty) {
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            Given given = faulty.given();
            for (int i = random.nextInt(6); i >= 0; i--) {
                List<String> info = List.copyOf(new TreeSet<>(given.info().keySet()));
                given = pick(random, infoMutants(given, pick(random, info)));
                List<String> config = List.copyOf(
                        new TreeSet<>(given.config().optional().orElseThrow().keySet()));
                if (!config.isEmpty() && random.nextBoolean()) {
                    given = random.nextBoolean()
                            ? withoutConfig(given, pick(random, config))
                            : given.withConfig(pick(random, config), pick(random, GARBAGE));
                }
            }
            Report report = report(given);
            assertThat(report.results())
                    .as("seed %s, round %s: INFO %s, CONFIG %s", SEED, round, given.info(), given.config())
                    .noneMatch(result -> result.verdict().detail().contains("the check itself failed"));
        }
    }

    /** Without the field, and with each that it cannot be. */
    private static List<Given> infoMutants(Given given, String field) {
        List<Given> mutants = new ArrayList<>();
        mutants.add(given.withoutInfo(field));
        GARBAGE.forEach(garbage -> mutants.add(given.withInfo(field, garbage)));
        return mutants;
    }

    private static Given withoutConfig(Given given, String field) {
        return given.withConfig(given.config().map(fields -> {
            Map<String, String> less = new TreeMap<>(fields);
            less.remove(field);
            return less;
        }));
    }

    /** As it was for long: what INFO says of the process must fit by now. */
    private static UnitState settled() {
        UnitState unit = Given.unit("loaded", "enabled", "active", "running", "success");
        return new UnitState(
                unit.id(),
                unit.loadState(),
                unit.unitFileState(),
                unit.activeState(),
                unit.subState(),
                unit.result(),
                unit.restart(),
                unit.activeEnteredMicros(),
                unit.mainPid(),
                unit.user(),
                unit.restartsInWindow(),
                unit.needDaemonReload(),
                NOW.minusSeconds(600),
                unit.wantedBy());
    }

    private static Faulty faulty(String sentence, String check, Given given) {
        return faulty(sentence, check, given, Map.of());
    }

    private static Faulty faulty(String sentence, String check, Given given, Map<String, String> exempt) {
        return new Faulty(sentence, check, given, exempt);
    }

    private static Listener open(int port) {
        return Given.listener("0.0.0.0", port);
    }

    private static <T> T pick(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Status status(Given given, String check) {
        return report(given).result(check).orElseThrow().status();
    }

    private static Report report(Given given) {
        return new Checkup(Checkup.STANDARD, Map.of()).examine(given.snapshot("main"), Report.none(NOW));
    }
}
