package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.DIR;
import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.PLACE;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.DataFiles.Place;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Inspection.Module;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Policy.Role;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No check takes for ok what it was not told: one field after the other is missing, or says nothing that it can mean. */
class EvidencePropertyTest {

    private static final long SEED = 20_260_105;

    /** None of them is what any field may say. */
    private static final List<String> GARBAGE =
            List.of("", "?", "-", "o", "okk", "ye", "-1", "x.y", "NaN", "0x", "\u0000", "9".repeat(30), "-9.9e999");

    private static final long FULL = 1L << 30;

    private static final Optional<DataFiles.File> DUMP = Optional.of(Given.file("dump.rdb"));

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

    /**
     * What a check cannot do without, and that is no field of INFO or CONFIG.
     *
     * @param given all is well, but for a reading that is lost
     */
    private record Loss(String sentence, String check, Given given) {

        @Override
        public String toString() {
            return check + " without " + sentence;
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
                new Claim("files", List.of(), List.of("appendonly")),
                new Claim("eviction", List.of(), List.of("maxmemory-policy")),
                new Claim("intrusion", List.of("role"), List.of("dir", "dbfilename")),
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
                faulty(
                        "deleted under the server",
                        "files",
                        healthy().withInfo("rdb_saves", "3").withFiles(Reading.known(files(Optional.empty(), PLACE)))),
                faulty(
                        "gone, directory and all",
                        "files",
                        healthy()
                                .withFiles(Reading.known(new DataFiles(
                                        "",
                                        false,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Reading.known(List.of()),
                                        Place.UNKNOWN)))),
                faulty(
                        "too large for its disk",
                        "files",
                        healthy()
                                .withInfo("used_memory_dataset", String.valueOf(FULL))
                                .withInfo("used_memory", String.valueOf(FULL))
                                .withFiles(Reading.known(files(DUMP, place("ext4", FULL / 4))))),
                faulty(
                        "another user's",
                        "files",
                        healthy()
                                .withInfo("rdb_last_bgsave_status", "err")
                                .withFiles(Reading.known(files(
                                        DUMP,
                                        new Place(
                                                OptionalInt.of(0),
                                                false,
                                                true,
                                                false,
                                                "ext4",
                                                false,
                                                OptionalLong.of(FULL),
                                                OptionalLong.of(1_000_000)))))),
                faulty(
                        "a cache that fills up",
                        "eviction",
                        healthy().with(Wished.role(Role.CACHE, "allkeys-lru", "role"))),
                faulty(
                        "tasks that may be evicted",
                        "eviction",
                        healthy()
                                .withConfig("maxmemory-policy", "allkeys-lru")
                                .with(new KnownKeys(List.of(1), List.of(), List.of(), true))),
                faulty(
                        "a password that is not asked for",
                        "auth",
                        healthy().strangerServed(Reading.known(true)).withPasswordSet(true)),
                faulty("a worker that is gone", "celery", healthy().with(forgotten())),
                faulty("dumps for cron", "intrusion", healthy().withConfig("dir", "/var/spool/cron")),
                faulty("a dump to log in with", "intrusion", healthy().withConfig("dbfilename", "authorized_keys")),
                faulty("a rogue master", "intrusion", healthy().withInfo("role", "slave")),
                faulty(
                        "a module of before Redis 7",
                        "intrusion",
                        healthy()
                                .withInfo("redis_version", "6.0.16")
                                .withModules(Reading.known(List.of(new Module("system", ""))))),
                faulty(
                        "debug commands",
                        "intrusion",
                        healthy().withConfig("enable-debug-command", "yes"),
                        Map.of("enable-debug-command", "Redis 6 has none")),
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

    static List<Loss> losses() {
        return List.of(
                new Loss("a PING", "ping", healthy().withPing(Given.unknown())),
                new Loss("systemd", "unit", healthy().withUnit(Optional.of(Given.unknown()))),
                new Loss("sockets", "binding", healthy().withListeners(Given.unknown())),
                new Loss("the kernel", "kernel", healthy().withKernel(Given.unknown())),
                new Loss("the slow log", "latency", healthy().withSlowLog(Given.unknown())),
                new Loss("redis.conf", "drift", healthy().withConfFile(Given.unknown())),
                new Loss("a try without a password", "auth", healthy().strangerServed(Given.unknown())),
                new Loss(
                        "knowing whether a password is set",
                        "auth",
                        healthy().strangerServed(Reading.known(true)).withoutPasswordSet()),
                new Loss("its directory", "files", healthy().withFiles(Given.unknown())),
                new Loss("its file system", "files", healthy().withFiles(on(place("", FULL)))),
                new Loss(
                        "its free space",
                        "files",
                        healthy()
                                .withFiles(on(new Place(
                                        OptionalInt.empty(),
                                        false,
                                        true,
                                        false,
                                        "ext4",
                                        false,
                                        OptionalLong.empty(),
                                        OptionalLong.empty())))),
                new Loss(
                        "the size of the data",
                        "files",
                        healthy().withoutInfo("used_memory").withoutInfo("used_memory_dataset")),
                new Loss(
                        "knowing of a dump",
                        "files",
                        healthy().withoutInfo("rdb_saves").withFiles(Reading.known(files(Optional.empty(), PLACE)))),
                new Loss("a policy that there is", "eviction", healthy().withConfig("maxmemory-policy", "?")),
                new Loss("yes or no", "files", healthy().withConfig("appendonly", "maybe")),
                new Loss("the queues", "celery", healthy().withKeys(Given.unknown())),
                new Loss(
                        "some of the databases",
                        "celery",
                        healthy().with(new KnownKeys(List.of(), List.of(), List.of(), false))),
                new Loss("the modules", "intrusion", healthy().withModules(Given.unknown())),
                new Loss("the keys", "intrusion", healthy().withKeys(Given.unknown())));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void withoutAReadingACheckIsUnknown(Loss loss) {
        assertThat(status(loss.given(), loss.check())).isEqualTo(Status.UNKNOWN);
    }

    /** What is told of Redis by others is all that is left. */
    @Test
    void noCheckIsOkWithoutTheServersAnswer() {
        Given silent = healthy().withPing(Given.unknown());

        assertThat(report(silent).results())
                .filteredOn(result -> result.status() == Status.OK)
                .extracting(CheckResult::check)
                .containsExactly("unit", "ordering", "binding");
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
        return Given.copy(
                Given.unit("loaded", "enabled", "active", "running", "success"),
                "stateChangedAt",
                NOW.minusSeconds(600));
    }

    private static DataFiles files(Optional<DataFiles.File> dump, Place place) {
        return new DataFiles(DIR, true, dump, Optional.empty(), Reading.known(List.of()), place);
    }

    private static Reading<DataFiles> on(Place place) {
        return Reading.known(files(DUMP, place));
    }

    private static Place place(String type, long free) {
        return new Place(
                OptionalInt.of(110),
                false,
                false,
                false,
                type,
                false,
                OptionalLong.of(free),
                OptionalLong.of(1_000_000));
    }

    /** A task that was delivered long ago. */
    private static KnownKeys forgotten() {
        Optional<Instant> delivered = Optional.of(NOW.minusSeconds(100_000));
        Queue queue = new Queue(0, "celery", 1, 0, Duration.ofMinutes(9), 0, delivered);
        return new KnownKeys(List.of(0), List.of(), List.of(queue), true);
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
