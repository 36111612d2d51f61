package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault produced for real: the right check tells it, no unrelated one changes, and the remedy mends it as it is
 * printed. A fresh look each time, for the daemon asks some of it once a minute.
 */
@OnEveryServer
class FaultTableLabTest {

    private static final Pattern CHECK = Pattern.compile("\"([a-z]+)\": \\{\\s*\"status\": \"([a-z]+)\"");

    private static final Pattern DETAIL = Pattern.compile("\"detail\": \"(.*)\"");

    /** What the checks say of a lab before any fault. */
    private static final Map<String, Map<String, String>> WELL = new ConcurrentHashMap<>();

    private static final String MODULE = "stranger.so";

    /** The least that Redis takes for a module. */
    private static final String MODULE_TEXT = """
            int RedisModule_OnLoad(void **context, void **arguments, int count) {
                int (*api)(const char *, void *) = (int (*)(const char *, void *))context[0];
                void (*attributes)(void *, const char *, int, int);
                api("RedisModule_SetModuleAttribs", &attributes);
                attributes(context, "stranger", 1, 1);
                return 0;
            }
            """;

    /** A daemon that looks each second, and has looked at the server that runs now. */
    private static final String WATCHED = "conf=/etc/redis-warden/redis-warden.toml; grep -q '^slow' $conf"
            + " || printf '[cycle]\\nslow = \"1s\"\\n' >> $conf; systemctl restart redis-warden;"
            + " run=$(redis-cli INFO server | tr -d '\\r' | sed -n s/^run_id://p); test -n \"$run\";"
            + " until curl -s http://127.0.0.1:9180/metrics | grep -F \"$run\"; do sleep .05; done";

    /**
     * A row of the table.
     *
     * @param produce shell that makes the fault
     * @param related further checks that it concerns
     * @param cause shell that takes the cause away, where the remedy can only clear up after it
     * @param mended shell that succeeds once the remedy has worked
     */
    private record Fault(
            String name,
            String produce,
            String check,
            String status,
            String evidence,
            Set<String> related,
            String cause,
            String mended) {

        /** Counters that have grown are known to the daemon alone, and are told for ten minutes. */
        boolean isGrowth() {
            return evidence.contains("has grown");
        }

        /** Made by means that came with Redis 7. */
        boolean since7() {
            return produce.contains(".incr.aof")
                    || produce.contains("enable-debug-command")
                    // Redis 6 counts no saves, and one in the second of its start looks like its start.
                    || produce.equals("rm /var/lib/redis/dump.rdb");
        }

        /** Whether that server tells of it, and knows the means by which it is made. */
        boolean isFor(String suite) {
            return switch (suite) {
                case "redis6" -> !since7() && !evidence.contains("acl_access_denied");
                // Counted since Redis 7.2.
                case "bookworm" -> !evidence.contains("acl_access_denied");
                default -> true;
            };
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final Lab lab;

    FaultTableLabTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void aServerWithSomeKeysAndSettingsOfItsOwn() {
        shell("redis-cli CONFIG SET maxmemory 256mb && redis-cli CONFIG SET save '3600 1 300 100 60 10000'"
                        + " && redis-cli CONFIG REWRITE && redis-cli MSET a 1 b 2 c 3 && redis-cli SAVE"
                        + " && cp -p /etc/redis/redis.conf /root/before.conf")
                .ok();
    }

    @AfterEach
    void asItWas() {
        // A server that cannot save does not stop by itself, and its unit waits for that without end.
        shell("systemctl --no-block stop redis-server; systemctl kill --signal=KILL redis-server || true;"
                        + " until systemctl is-active redis-server | grep -x 'inactive\\|failed'; do sleep .05; done;"
                        + " umount /var/lib/redis 2>/dev/null || true;"
                        + " install -d -o redis -g redis -m 0750 /var/lib/redis;"
                        + " rm -rf /var/lib/redis/* /etc/redis/users.acl; cp -p /root/before.conf /etc/redis/redis.conf;"
                        + " systemctl reset-failed redis-server || true; systemctl start redis-server")
                .ok();
        lab.await("Redis", named("redis-cli PING | grep -x PONG"));
    }

    @ParameterizedTest
    @MethodSource({"persistence", "files", "memoryAndKeys", "access"})
    void isToldByItsCheckAloneAndMendedAsPrinted(Fault fault) {
        assumeTrue(fault.isFor(lab.suite()), "this server does not tell it, or has no such thing");
        if (fault.isGrowth()) {
            shell(WATCHED).ok();
        }
        if (fault.produce().contains(MODULE)) {
            lab.put(module(), "/usr/lib");
        }
        // Each row begins with the same server, so that one look is the measure of all.
        Map<String, String> before = fault.isGrowth()
                ? statuses(look(fault))
                : WELL.computeIfAbsent(lab.name(), name -> statuses(look(fault)));
        shell(fault.produce()).ok();

        String seen = Awaitility.await(fault.name())
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .until(
                        () -> look(fault),
                        answer -> fault.status().equals(statuses(answer).get(fault.check())));

        Map<String, String> others = new TreeMap<>(statuses(seen));
        others.keySet().removeAll(fault.related());
        others.remove(fault.check());
        assertThat(before).as("checks that it does not concern").containsAllEntriesOf(others);
        assertThat(section(seen, fault.check())).contains(fault.evidence());
        write(fault, section(seen, fault.check()));

        shell(fault.cause()).ok();
        String remedy = Agent.remedy(section(seen, fault.check()));
        Result run = lab.exec("sh", "-c", remedy);
        if (fault.isGrowth()) {
            run.ok();
            shell(fault.mended()).ok();
            return;
        }
        Awaitility.await(fault.name() + " mended by: " + remedy)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .until(
                        () -> statuses(look(fault)).get(fault.check()),
                        status -> status != null && status.equals(before.get(fault.check())));
        shell(fault.mended()).ok();
    }

    static Stream<Fault> persistence() {
        String full = "systemctl stop redis-server && mount -t tmpfs -o size=4m,uid=$(id -u redis),gid=$(id -g redis),"
                + "mode=0750 tmpfs /var/lib/redis && systemctl start redis-server"
                + " && until redis-cli PING | grep -x PONG; do sleep .05; done; redis-cli SET key value;"
                + " head -c 8m /dev/zero > /var/lib/redis/fill || true; redis-cli BGSAVE;"
                + " until redis-cli INFO persistence | grep rdb_last_bgsave_status:err; do sleep .05; done";
        return Stream.of(
                new Fault(
                        "full disk: MISCONF",
                        full,
                        "writable",
                        "unhealthy",
                        "MISCONF",
                        Set.of("persistence", "files"),
                        "rm /var/lib/redis/fill",
                        "redis-cli SET key value | grep -x OK"),
                new Fault(
                        "full disk: the snapshot",
                        full,
                        "persistence",
                        "unhealthy",
                        "rdb_last_bgsave_status is err",
                        Set.of("writable", "files"),
                        "rm /var/lib/redis/fill",
                        "redis-cli INFO persistence | grep rdb_last_bgsave_status:ok"),
                new Fault(
                        "AOF in the file alone",
                        "echo appendonly yes >> /etc/redis/redis.conf",
                        "persistence",
                        "unhealthy",
                        "redis.conf says appendonly yes, CONFIG says no",
                        Set.of("drift"),
                        "true",
                        "systemctl restart redis-server; until redis-cli GET a | grep -x 1; do sleep .05; done"),
                new Fault(
                        "nothing is persisted",
                        "redis-cli CONFIG SET save '' && redis-cli CONFIG REWRITE",
                        "persistence",
                        "degraded",
                        "appendonly is no",
                        // Redis 6 leaves an empty save out when it rewrites its file: its next start has save points.
                        Set.of("drift"),
                        "true",
                        "grep '^save ' /etc/redis/redis.conf"));
    }

    static Stream<Fault> files() {
        String aof = "redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE"
                + " && until redis-cli INFO persistence | grep aof_rewrite_in_progress:0"
                + " && ls /var/lib/redis/appendonly*; do sleep .05; done; ";
        String survives = "until redis-cli INFO persistence | grep aof_rewrite_in_progress:0; do sleep .05; done;"
                + " systemctl restart redis-server; until redis-cli GET a | grep -x 1; do sleep .05; done";
        return Stream.of(
                new Fault(
                        "AOF directory deleted under the server",
                        aof + "rm -rf /var/lib/redis/appendonly*",
                        "files",
                        "unhealthy",
                        "AOF is on and its files are missing",
                        Set.of(),
                        "true",
                        survives),
                new Fault(
                        "AOF increment deleted under the server",
                        aof + "rm /var/lib/redis/appendonlydir/*.incr.aof",
                        "files",
                        "unhealthy",
                        "which is not there",
                        Set.of(),
                        "true",
                        survives),
                new Fault(
                        "dump deleted under the server",
                        "rm /var/lib/redis/dump.rdb",
                        "files",
                        "unhealthy",
                        "deleted under the server",
                        Set.of(),
                        "true",
                        "test -s /var/lib/redis/dump.rdb"),
                new Fault(
                        "data directory deleted under the server",
                        "rm -rf /var/lib/redis",
                        "files",
                        "unhealthy",
                        "does not exist",
                        Set.of("drift"),
                        "true",
                        "until redis-cli GET a | grep -x 1; do sleep .05; done"),
                new Fault(
                        "data directory deleted and made anew",
                        "rm -rf /var/lib/redis && install -d -o redis -g redis -m 0750 /var/lib/redis",
                        "files",
                        "unhealthy",
                        "working directory does not exist any more",
                        Set.of("drift"),
                        "true",
                        "until redis-cli GET a | grep -x 1; do sleep .05; done; test -s /var/lib/redis/dump.rdb"),
                new Fault(
                        "data on a file system that became read-only",
                        "systemctl stop redis-server && mount -t tmpfs -o size=8m,uid=$(id -u redis),gid=$(id -g redis),"
                                + "mode=0750 tmpfs /var/lib/redis && systemctl start redis-server"
                                + " && until redis-cli PING | grep -x PONG; do sleep .05; done;"
                                + " redis-cli MSET a 1 b 2 && redis-cli SAVE && mount -o remount,ro /var/lib/redis",
                        "files",
                        "unhealthy",
                        "mounted read-only",
                        Set.of(),
                        "true",
                        "redis-cli SAVE | grep -x OK"),
                new Fault(
                        "no inode left for the next snapshot",
                        "systemctl stop redis-server && mount -t tmpfs -o nr_inodes=40,size=8m,uid=$(id -u redis),"
                                + "gid=$(id -g redis),mode=0750 tmpfs /var/lib/redis && systemctl start redis-server"
                                + " && until redis-cli PING | grep -x PONG; do sleep .05; done;"
                                + " redis-cli MSET a 1 b 2 && redis-cli SAVE;"
                                + " i=0; while touch /var/lib/redis/fill-$i; do i=$((i + 1)); done",
                        "files",
                        "degraded",
                        "has 0 free inodes",
                        Set.of(),
                        "rm /var/lib/redis/fill-*",
                        "redis-cli SAVE | grep -x OK"),
                new Fault(
                        "dump that everybody may read",
                        "chmod 0755 /var/lib/redis && chmod 0644 /var/lib/redis/dump.rdb",
                        "files",
                        "degraded",
                        "open to every user",
                        Set.of(),
                        "true",
                        "stat -c %a /var/lib/redis | grep -x 750"),
                new Fault(
                        "file and server differ",
                        "redis-cli CONFIG SET maxmemory 300mb",
                        "drift",
                        "degraded",
                        "maxmemory is '268435456' and now '314572800'",
                        Set.of(),
                        "true",
                        "grep 'maxmemory 314572800\\|maxmemory 300mb' /etc/redis/redis.conf"));
    }

    static Stream<Fault> memoryAndKeys() {
        return Stream.of(
                new Fault(
                        "no bound",
                        "redis-cli CONFIG SET maxmemory 0 && redis-cli CONFIG REWRITE",
                        "memory",
                        "degraded",
                        "maxmemory is 0",
                        Set.of(),
                        "true",
                        "redis-cli CONFIG GET maxmemory | grep -v '^0$'"),
                new Fault(
                        "full under noeviction",
                        "redis-cli CONFIG SET maxmemory 500kb && redis-cli CONFIG REWRITE",
                        "memory",
                        "unhealthy",
                        "policy noeviction",
                        Set.of("writable"),
                        "true",
                        "redis-cli SET key value | grep -x OK"),
                new Fault(
                        "the unit's limit below maxmemory",
                        "systemctl set-property --runtime redis-server.service MemoryMax=200M",
                        "memory",
                        "degraded",
                        "; MemoryMax of ",
                        Set.of(),
                        "true",
                        "redis-cli CONFIG GET maxmemory | tail -n 1 | awk '{ exit !($1 <= 200 * 1048576) }'"
                                + " && systemctl set-property --runtime redis-server.service MemoryMax=infinity"),
                new Fault(
                        "slow commands",
                        "redis-cli -r 30 -i 0.1 EVAL 'local n = 0 for i = 1, 5000000 do n = n + i end return n' 0",
                        "latency",
                        "degraded",
                        "SLOWLOG has grown by",
                        Set.of(),
                        "true",
                        "redis-cli SLOWLOG GET 10 | grep EVAL"),
                new Fault(
                        "queued tasks may be evicted",
                        "redis-cli CONFIG SET maxmemory-policy allkeys-lru && redis-cli CONFIG REWRITE"
                                + " && redis-cli -n 1 LPUSH celery task",
                        "eviction",
                        "degraded",
                        "Celery's keys are in db1",
                        Set.of(),
                        "true",
                        "redis-cli CONFIG GET maxmemory-policy | grep volatile-lru"),
                new Fault(
                        "a task that nobody acknowledges",
                        "redis-cli SADD _kombu.binding.celery x && redis-cli ZADD unacked_index 1000000000.5 tag",
                        "celery",
                        "degraded",
                        "over the visibility timeout",
                        Set.of(),
                        "redis-cli DEL unacked_index",
                        "true"),
                new Fault(
                        "connections near their limit",
                        "redis-cli CONFIG SET maxclients 30; redis-cli CONFIG REWRITE; for i in $(seq 22);"
                                + " do (setsid redis-cli BLPOP nothing 300 >/dev/null 2>&1 &); done;"
                                + " until redis-cli INFO clients | grep blocked_clients:22; do sleep .05; done",
                        "clients",
                        "degraded",
                        "maxclients",
                        Set.of(),
                        "redis-cli CLIENT KILL TYPE normal SKIPME yes",
                        "true"));
    }

    static Stream<Fault> access() {
        String restart =
                "systemctl restart redis-server; until redis-cli PING | grep 'PONG\\|NOAUTH'; do sleep .05; done; ";
        return Stream.of(
                new Fault(
                        "an ACL file opens the default user",
                        "sed -i '/^user /d' /etc/redis/redis.conf;"
                                + " echo 'user default on nopass ~* +@all' > /etc/redis/users.acl;"
                                + " chown redis:redis /etc/redis/users.acl; chmod 0640 /etc/redis/users.acl;"
                                + " printf 'aclfile /etc/redis/users.acl\\nrequirepass never-asked\\n'"
                                + " >> /etc/redis/redis.conf; " + restart,
                        "auth",
                        "unhealthy",
                        "CONFIG shows a requirepass",
                        Set.of(),
                        "true",
                        "redis-cli GET a 2>&1 | grep NOAUTH"),
                new Fault(
                        "dumps where cron would run them",
                        "mkdir -p /var/spool/cron; if redis-cli CONFIG GET enable-protected-configs | grep -x no;"
                                + " then echo enable-protected-configs yes >> /etc/redis/redis.conf; fi; " + restart
                                + "redis-cli CONFIG SET dir /var/spool/cron | grep -x OK",
                        "intrusion",
                        "unhealthy",
                        "dir is /var/spool/cron",
                        Set.of("drift", "files"),
                        "true",
                        "redis-cli CONFIG GET dir | grep -x /var/lib/redis"),
                new Fault(
                        "a rogue master",
                        "redis-cli REPLICAOF 127.0.0.1 6399",
                        "intrusion",
                        "unhealthy",
                        "slave of 127.0.0.1 6399",
                        Set.of("writable", "drift"),
                        "true",
                        "redis-cli SET key value | grep -x OK"),
                new Fault(
                        "somebody tries passwords",
                        "redis-cli ACL SETUSER site on '>right' && for word in one two three;"
                                + " do redis-cli AUTH site $word 2>&1 | grep WRONGPASS; done",
                        "auth",
                        "degraded",
                        "acl_access_denied_auth has grown by 3",
                        Set.of(),
                        "true",
                        "redis-cli ACL LOG 10 | grep -x site"),
                new Fault(
                        "protected-mode off without a password",
                        "redis-cli CONFIG SET protected-mode no && redis-cli CONFIG REWRITE",
                        "binding",
                        "degraded",
                        "CONFIG protected-mode is no",
                        Set.of(),
                        "true",
                        "redis-cli CONFIG GET protected-mode | grep -x yes"),
                new Fault(
                        "a module that nobody wanted",
                        "echo 'loadmodule /usr/lib/stranger.so' >> /etc/redis/redis.conf; " + restart
                                + "sed -i /stranger/d /etc/redis/redis.conf; redis-cli MODULE LIST | grep -x stranger",
                        "intrusion",
                        "unhealthy",
                        "MODULE LIST has stranger",
                        Set.of(),
                        "true",
                        "! redis-cli MODULE LIST | grep stranger"),
                new Fault(
                        "keys of a known attack",
                        "redis-cli -n 2 MSET Backup1 '* * * * * true' Backup2 '* * * * * true'",
                        "intrusion",
                        "unhealthy",
                        "db2 holds keys",
                        Set.of(),
                        "redis-cli -n 2 DEL Backup1 Backup2",
                        "true"),
                new Fault(
                        "debug commands for everybody",
                        "echo enable-debug-command yes >> /etc/redis/redis.conf; " + restart,
                        "intrusion",
                        "unhealthy",
                        "enable-debug-command is yes",
                        Set.of(),
                        "true",
                        "redis-cli CONFIG GET enable-debug-command | grep -x no"));
    }

    private static Path module() {
        Path library = Path.of("target", MODULE);
        Command.run(
                        Duration.ofMinutes(1),
                        MODULE_TEXT,
                        List.of("gcc", "-shared", "-fPIC", "-nostdlib", "-x", "c", "-", "-o", library.toString()))
                .ok();
        return library;
    }

    /** The row for the documentation: what those see who ask INFO, and what was told. */
    private void write(Fault fault, String section) {
        String info = shell(
                        "redis-cli INFO 2>&1 | tr -d '\\r' | grep -E"
                                + " '^(role|rdb_last_bgsave_status|aof_last_write_status|aof_enabled):|^NOAUTH' | paste -sd ' '")
                .ok();
        Matcher detail = DETAIL.matcher(section);
        String row = "| %s | `%s` | `%s` %s: %s |%n"
                .formatted(
                        fault.name(), info, fault.check(), fault.status(), detail.find() ? detail.group(1) : "nothing");
        try {
            Files.writeString(
                    Path.of("target", "faults-" + lab.suite() + ".md"),
                    row,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows speak of Redis; Valkey's programs, files and user bear its own name. */
    private String named(String line) {
        return lab.suite().equals("valkey") ? line.replaceAll("redis(?!-warden)", "valkey") : line;
    }

    private Result shell(String line) {
        return lab.shell(named(line));
    }

    private String look(Fault fault) {
        return fault.isGrowth()
                ? lab.exec("curl", "-s", "http://127.0.0.1:9180/health").out()
                : lab.exec("redis-warden", "check", "--format", "json").out();
    }

    private static Map<String, String> statuses(String report) {
        return CHECK.matcher(report)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2), (one, other) -> one));
    }

    /** What the report has on one check. */
    private static String section(String report, String check) {
        int from = report.indexOf("\"" + check + "\": {");
        int to = report.indexOf("\n    }", from);
        return report.substring(from, to < 0 ? report.length() : to);
    }
}
