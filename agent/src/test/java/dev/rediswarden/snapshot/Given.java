package dev.rediswarden.snapshot;

import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading.Cause;
import java.lang.reflect.RecordComponent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A server where all is well, and the same with one thing changed. */
public final class Given implements Cloneable {

    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    public static final String DIR = "/var/lib/redis";
    public static final DataFiles.Place PLACE = new DataFiles.Place(
            OptionalInt.of(110),
            false,
            false,
            false,
            "ext4",
            false,
            OptionalLong.of(10L << 30),
            OptionalLong.of(1_000_000));

    /** The default but for its log, put right by itself. */
    public static final Policy ENFORCED = new Policy(
            Policy.VPS.role(),
            Policy.VPS.bind(),
            Policy.VPS.passwordRequired(),
            Policy.VPS.maxmemory(),
            Policy.VPS.maxmemoryPolicy(),
            Policy.VPS.rdb(),
            false,
            Policy.VPS.appendfsync(),
            Policy.VPS.save(),
            Policy.VPS.queues(),
            Policy.VPS.visibilityTimeout(),
            Policy.VPS.modules(),
            Policy.VPS.stated(),
            Policy.VPS.limits(),
            true);

    private static final Reading<SiteUnits> NO_SITE = Reading.known(new SiteUnits(List.of(), List.of()));

    private Policy policy = Policy.VPS;

    private Optional<Reading<UnitState>> unit =
            Optional.of(Reading.known(unit("loaded", "enabled", "active", "running", "success")));

    private Reading<Ping> ping = Reading.known(ping(Outcome.PONG, ""));

    private Map<String, String> info = Map.ofEntries(
            Map.entry("role", "master"),
            Map.entry("process_id", "812"),
            Map.entry("tcp_port", "6379"),
            Map.entry("maxmemory", "1073741824"),
            Map.entry("used_memory", "1048576"),
            Map.entry("redis_version", "7.0.15"),
            Map.entry("config_file", "/etc/redis/redis.conf"),
            Map.entry("latest_fork_usec", "412"),
            Map.entry("connected_clients", "3"),
            Map.entry("maxclients", "10000"),
            Map.entry("maxmemory_policy", "noeviction"),
            Map.entry("mem_fragmentation_ratio", "1.10"),
            Map.entry("rdb_last_bgsave_status", "ok"),
            Map.entry("aof_enabled", "0"),
            Map.entry("aof_last_write_status", "ok"),
            Map.entry("aof_last_bgrewrite_status", "ok"),
            Map.entry("connected_slaves", "0"),
            Map.entry("rdb_changes_since_last_save", "0"),
            Map.entry("rdb_saves", "0"),
            Map.entry("rdb_last_save_time", String.valueOf(NOW.minusSeconds(60).getEpochSecond())));

    private Reading<Map<String, String>> config = Reading.known(Map.of(
            "tcp-backlog",
            "511",
            "bind",
            "127.0.0.1 -::1",
            "port",
            "6379",
            "save",
            "3600 1 300 100",
            "appendonly",
            "no",
            "maxmemory-policy",
            "noeviction",
            "protected-mode",
            "yes",
            "dbfilename",
            "dump.rdb",
            "dir",
            DIR));

    private Reading<Boolean> passwordAsked = Reading.known(true);

    private Reading<Map<String, String>> confFile = Reading.known(Map.of(
            "config_file",
            "/etc/redis/redis.conf",
            "bind",
            "127.0.0.1 -::1",
            "port",
            "6379",
            "save",
            "3600 1 300 100",
            "dir",
            DIR));

    private Reading<DataFiles> files = Reading.known(
            new DataFiles(DIR, true, Optional.of(file("dump.rdb")), Optional.empty(), Reading.known(List.of()), PLACE));

    private Reading<List<Listener>> listeners =
            Reading.known(List.of(listener("127.0.0.1", 6379), listener("::1", 6379)));

    private Reading<KernelSettings> kernel = Reading.known(kernel(1, "madvise", "tsc", 4096));

    private Reading<Long> openFiles = Reading.known(65_535L);

    private Reading<Verification> verification = Reading.known(Verification.NONE);

    private Optional<Reading<ServerState>> instead = Optional.empty();
    private Reading<SlowLog> slowLog = Reading.known(new SlowLog(3, OptionalLong.of(2), Duration.ofMillis(12)));

    private Optional<Boolean> passwordSet = Optional.of(true);

    private Inspection inspection = new Inspection(
            Reading.known(false),
            Reading.known(List.of()),
            Reading.known(new KnownKeys(List.of(), List.of(), List.of(), true)));

    private Growth growth = Growth.NONE;

    private Reading<Forecast> forecast = Forecast.NOT_DRAWN;

    private Optional<SwarmState> swarm = Optional.empty();

    public static Given healthy() {
        return new Given();
    }

    private Given() {}

    private Given changed(Consumer<Given> change) {
        try {
            Given other = (Given) clone();
            change.accept(other);
            return other;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    public Map<String, String> info() {
        return info;
    }

    public Reading<Map<String, String>> config() {
        return config;
    }

    public Reading<Map<String, String>> confFile() {
        return confFile;
    }

    public Reading<KernelSettings> kernel() {
        return kernel;
    }

    public Reading<List<Listener>> listeners() {
        return listeners;
    }

    public static UnitState unit(String load, String file, String active, String sub, String result) {
        return new UnitState(
                "redis-server.service",
                load,
                file,
                active,
                sub,
                result,
                "no",
                1_000_000,
                812,
                OptionalInt.of(110),
                0,
                false,
                NOW.minusSeconds(5),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(65_535));
    }

    public static Ping ping(Outcome outcome, String reply) {
        return new Ping(
                outcome,
                "127.0.0.1:6379",
                reply,
                Duration.ofNanos(310_000),
                outcome == Outcome.TIMEOUT ? 1 : 0,
                OptionalLong.empty());
    }

    public static Ping timeouts(int inRow) {
        return new Ping(
                Outcome.TIMEOUT, "127.0.0.1:6379", "no answer", Duration.ofSeconds(1), inRow, OptionalLong.empty());
    }

    public static Listener listener(String address, int port) {
        return listener(address, port, 110);
    }

    public static Listener listener(String address, int port, int user) {
        return new Listener(new InetSocketAddress(address, port), user);
    }

    public static DataFiles.File file(String name) {
        return new DataFiles.File(DIR + "/" + name, 88, NOW.minusSeconds(60), false);
    }

    public static KernelSettings kernel(long overcommit, String hugepages, String clocksource, long somaxconn) {
        return new KernelSettings(
                Reading.known(overcommit),
                Reading.known(hugepages),
                Reading.known(clocksource),
                Reading.known(List.of("tsc", "hpet", "acpi_pm")),
                Reading.known(somaxconn),
                Reading.known(4L << 30),
                Reading.unknown(Cause.NOT_READ, "not counted"),
                "");
    }

    public Given with(Policy wished) {
        return changed(given -> given.policy = wished);
    }

    public Given with(UnitState state) {
        return withUnit(Optional.of(Reading.known(state)));
    }

    public Given withUnit(Optional<Reading<UnitState>> reading) {
        return changed(given -> given.unit = reading);
    }

    public Given with(Ping answer) {
        return withPing(Reading.known(answer));
    }

    public Given withPing(Reading<Ping> reading) {
        return changed(given -> given.ping = reading);
    }

    public Given withInfo(String name, String value) {
        return withInfo(put(info, name, value));
    }

    public Given withInfo(Map<String, String> fields) {
        return changed(given -> given.info = fields);
    }

    public Given withoutInfo(String name) {
        Map<String, String> less = new TreeMap<>(info);
        less.remove(name);
        return withInfo(less);
    }

    public Given withConfig(String name, String value) {
        return withConfig(config.map(fields -> put(fields, name, value)));
    }

    public Given withConfig(Reading<Map<String, String>> reading) {
        return changed(given -> given.config = reading);
    }

    public Given withConfFile(String name, String value) {
        return withConfFile(confFile.map(fields -> put(fields, name, value)));
    }

    public Given withConfFile(Reading<Map<String, String>> reading) {
        return changed(given -> given.confFile = reading);
    }

    public Given withPasswordSet(boolean set) {
        return changed(given -> given.passwordSet = Optional.of(set));
    }

    public Given withoutPasswordSet() {
        return changed(given -> given.passwordSet = Optional.empty());
    }

    public Given strangerServed(Reading<Boolean> served) {
        return changed(given -> given.inspection = new Inspection(served, inspection.modules(), inspection.keys()));
    }

    public Given withModules(Reading<List<Inspection.Module>> modules) {
        return changed(
                given -> given.inspection = new Inspection(inspection.strangerServed(), modules, inspection.keys()));
    }

    public Given with(KnownKeys keys) {
        return withKeys(Reading.known(keys));
    }

    public Given withKeys(Reading<KnownKeys> keys) {
        return changed(
                given -> given.inspection = new Inspection(inspection.strangerServed(), inspection.modules(), keys));
    }

    public Given withPasswordAsked(Reading<Boolean> reading) {
        return changed(given -> given.passwordAsked = reading);
    }

    public Given withFiles(Reading<DataFiles> reading) {
        return changed(given -> given.files = reading);
    }

    public Given listening(Listener... sockets) {
        return withListeners(Reading.known(List.of(sockets)));
    }

    public Given withListeners(Reading<List<Listener>> reading) {
        return changed(given -> given.listeners = reading);
    }

    public Given with(KernelSettings settings) {
        return withKernel(Reading.known(settings));
    }

    public Given withKernel(Reading<KernelSettings> reading) {
        return changed(given -> given.kernel = reading);
    }

    public Given withOpenFiles(Reading<Long> reading) {
        return changed(given -> given.openFiles = reading);
    }

    public Given withVerification(Reading<Verification> reading) {
        return changed(given -> given.verification = reading);
    }

    /** Instead of all that the server says. */
    public Given withForecast(Reading<Forecast> reading) {
        return changed(given -> given.forecast = reading);
    }

    public Given withServer(Reading<ServerState> reading) {
        return changed(given -> given.instead = Optional.of(reading));
    }

    public Given withSlowLog(Reading<SlowLog> reading) {
        return changed(given -> given.slowLog = reading);
    }

    public Given grown(String counter, long by) {
        Growth more = new Growth(Map.of(counter, by));
        return changed(given -> given.growth = more);
    }

    /** Run by no unit, but by a Swarm. */
    public Given with(SwarmState state) {
        return withUnit(Optional.empty()).changed(given -> given.swarm = Optional.of(state));
    }

    public static <T> Reading<T> unknown() {
        return Reading.unknown(Cause.DENIED, "this user may not read it");
    }

    public InstanceState state(String name) {
        Fields said = new Fields(info);
        Reading<Fields> parameters = config.map(Fields::new);
        ServerState server = new ServerState(
                said, parameters, passwordAsked, passwordSet, slowLog, growth, inspection, Exchange.NONE);
        return new InstanceState(
                name,
                policy,
                unit,
                ping,
                instead.orElse(Reading.known(server)),
                confFile.map(Fields::new),
                parameters.fold(
                        known -> files.map(found -> new DataFiles.Look(said, known, found)),
                        unknown -> Reading.unknown(unknown.cause(), unknown.detail())),
                openFiles,
                verification,
                forecast,
                swarm);
    }

    /** The same server under each of these names. */
    public Snapshot snapshot(String... names) {
        List<InstanceState> states = List.of(names).stream().map(this::state).toList();
        return new Snapshot(NOW, kernel, listeners, NO_SITE, Reading.known(Stewardship.NONE), states);
    }

    /** As the daemon has it, which reads its own configuration as well. */
    public static Snapshot with(Snapshot snapshot, Configuration onDisk) {
        return copy(snapshot, "configuration", Optional.of(Reading.known(onDisk)));
    }

    /**
     * The same with other components.
     *
     * @param changes the name of one and its value, and so on
     */
    @SuppressWarnings("unchecked")
    public static <R extends Record> R copy(R of, Object... changes) {
        try {
            Map<String, Object> values = new LinkedHashMap<>();
            List<Class<?>> types = new ArrayList<>();
            for (RecordComponent component : of.getClass().getRecordComponents()) {
                values.put(component.getName(), component.getAccessor().invoke(of));
                types.add(component.getType());
            }
            for (int i = 0; i < changes.length; i += 2) {
                if (values.replace(String.valueOf(changes[i]), changes[i + 1]) == null) {
                    throw new IllegalArgumentException(of.getClass() + " has no " + changes[i]);
                }
            }
            return (R) of.getClass()
                    .getDeclaredConstructor(types.toArray(Class<?>[]::new))
                    .newInstance(values.values().toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> put(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new TreeMap<>(fields);
        more.put(name, value);
        return more;
    }
}
