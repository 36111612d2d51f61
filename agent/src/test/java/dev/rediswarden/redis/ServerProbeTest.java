package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.SlowLog;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProbeTest {

    private static final String SECRET = "do-not-show-this";

    @TempDir
    private Path directory;

    private RedisServer server;

    @BeforeEach
    void prepare() {
        server = RedisServer.in(directory);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void itTellsInfoConfigAndThatNoPasswordIsAsked() {
        server.with("maxmemory 64mb", "save 3600 1").start();
        ServerState state = known(Targets.of(server));
        assertThat(state.info().number("process_id")).hasValue(server.pid());
        assertThat(state.info().text("role")).contains("master");
        assertThat(state.info().text("redis_version")).isPresent();
        assertThat(state.info().number("maxmemory")).hasValue(64 << 20);
        assertThat(state.config().optional().orElseThrow().text("save")).contains("3600 1");
        assertThat(state.config().optional().orElseThrow().text("bind")).contains("127.0.0.1");
        assertThat(state.passwordAsked()).isEqualTo(Reading.known(false));
    }

    @Test
    void noSecretLeavesThePackage() {
        server.withPassword(SECRET)
                .with("masterauth " + SECRET, "masteruser " + SECRET, "tls-key-file-pass " + SECRET)
                .start();
        ServerState state = known(Targets.of(server));
        assertThat(state.toString()).doesNotContain(SECRET).contains("maxmemory");
        assertThat(state.passwordAsked()).isEqualTo(Reading.known(true));
    }

    @Test
    void anOpenDefaultUserIsSeenThroughAPasswordThatConfigShows() {
        server.withPassword(SECRET).with("user default on nopass ~* &* +@all").start();
        assertThat(server.cli("CONFIG", "GET", "requirepass")).contains(SECRET);
        assertThat(known(Targets.of(server)).passwordAsked()).isEqualTo(Reading.known(false));
    }

    @Test
    void aDefaultUserThatIsOffAsksForAnotherUser() {
        server.with("user default off", "user warden on >" + SECRET + " ~* +@all")
                .start();
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        assertThat(known(target).passwordAsked()).isEqualTo(Reading.known(true));
    }

    @Test
    void aRenamedConfigIsUnsupportedAndNothingElseChanges() {
        server.with("rename-command CONFIG \"\"").start();
        ServerState state = known(Targets.of(server));
        assertThat(cause(state.config())).contains(Cause.UNSUPPORTED);
        assertThat(state.info().text("role")).contains("master");
        assertThat(state.passwordAsked()).isEqualTo(Reading.known(false));
    }

    @Test
    void aUserOfFewRightsIsToldWhatToGrant() {
        server.with("user warden on >" + SECRET + " +ping +info").start();
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        ServerState state = known(target);
        assertThat(state.info().text("role")).contains("master");
        assertThat(cause(state.config())).contains(Cause.DENIED);
        assertThat(state.config().toString()).contains("grant +config|get").doesNotContain(SECRET);
        assertThat(cause(state.passwordAsked())).contains(Cause.DENIED);
        assertThat(state.passwordAsked().toString()).contains("grant +acl|getuser");
        assertThat(state.slowLog().toString()).contains("grant +slowlog|get");
    }

    @Test
    void withoutThePasswordAllOfItIsDenied() {
        server.withPassword(SECRET).start();
        assertThat(cause(read(Targets.url("redis://127.0.0.1:" + server.port()))))
                .contains(Cause.DENIED);
    }

    @Test
    void aPasswordThatIsSetMeanwhileIsSeenThoughTheConnectionFromBeforeIsStillServed() {
        server.start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            assertThat(slow(probe).inspection().strangerServed()).isEqualTo(Reading.known(true));
            server.cli("CONFIG", "SET", "requirepass", SECRET);
            assertThat(cause(probe.read())).contains(Cause.DENIED);
        }
    }

    @Test
    void aDefaultUserThatIsClosedMeanwhileIsSeenAtOnce() {
        server.with("user default on nopass ~* &* +@all", "user warden on >" + SECRET + " +@all ~*")
                .start();
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        try (ServerProbe probe = probe(target)) {
            assertThat(slow(probe).inspection().strangerServed()).isEqualTo(Reading.known(true));
            server.cli("ACL", "SETUSER", "default", "resetpass", ">" + SECRET);
            assertThat(slow(probe).inspection().strangerServed()).isEqualTo(Reading.known(false));
        }
    }

    @Test
    void aServerThatIsDownIsUnavailableAndAFrozenOneTimesOut() {
        assertThat(cause(read(Targets.of(server)))).contains(Cause.UNAVAILABLE);
        server.start();
        try (ServerProbe probe = probe(Targets.of(server, Targets.SHORT))) {
            probe.read();
            server.suspend();
            assertThat(cause(probe.read())).contains(Cause.TIMEOUT);
            server.resume();
        }
    }

    @Test
    void aServerThatLoadsStillTells() {
        server.with("save 3600 1").start();
        server.cli("EVAL", "for i=1,2000 do redis.call('set',i,string.rep('x',100)) end", "0");
        server.stop();
        server.with("key-load-delay 2000", "loading-process-events-interval-bytes 1024")
                .launch();
        ServerState state = known(Targets.of(server));
        assertThat(state.info().number("loading")).hasValue(1);
        assertThat(state.config().optional()).isPresent();
    }

    @Test
    void aCycleIsFiveCommandsOnOneConnection() {
        server.start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            commands(probe); // what is asked once a minute comes with the first
            long second = commands(probe);
            assertThat(commands(probe) - second).isEqualTo(5);
            assertThat(commands(probe) - second).isEqualTo(10);
        }
    }

    @Test
    void connectionsThatAreTurnedAwayAreSeenToGrow() {
        server.with("maxclients 1").start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            assertThat(rejected(probe)).isZero();
            assertThat(server.cli("PING")).doesNotContain("PONG");
            assertThat(rejected(probe)).isEqualTo(1);
            assertThat(rejected(probe)).as("what was seen stays in the window").isEqualTo(1);
        }
    }

    private static long rejected(ServerProbe probe) {
        return probe.read().optional().orElseThrow().growth().of("rejected_connections");
    }

    @Test
    void slowCommandsAreCountedBeyondTheLengthOfTheirLogAndNotTold() {
        server.with("slowlog-log-slower-than 0", "slowlog-max-len 1").start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            long first = slow(probe).slowLog().optional().orElseThrow().written();
            server.cli("SET", "key", SECRET);
            ServerState state = slow(probe);
            assertThat(state.slowLog().optional().orElseThrow().written()).isGreaterThan(first);
            assertThat(state.growth().of("slowlog"))
                    .isEqualTo(state.slowLog().optional().orElseThrow().written() - first);
            assertThat(state.toString()).doesNotContain(SECRET);
            server.cli("CONFIG", "SET", "slowlog-log-slower-than", "-1");
            server.cli("SLOWLOG", "RESET");
            assertThat(slow(probe).slowLog()).isEqualTo(Reading.known(SlowLog.EMPTY));
        }
    }

    private static ServerState slow(ServerProbe probe) {
        return probe.read().optional().orElseThrow();
    }

    @Test
    void aServerThatMayOpenFewFilesLowersMaxclientsByAKnownRule() {
        server.withOpenFiles(256).start();
        assertThat(known(Targets.of(server)).config().optional().orElseThrow().number("maxclients"))
                .as("256 files less the 32 that Redis keeps for itself, while redis.conf asks for 10000")
                .hasValue(256 - 32);
    }

    private static long commands(ServerProbe probe) {
        return probe.read()
                .optional()
                .orElseThrow()
                .info()
                .number("total_commands_processed")
                .orElseThrow();
    }

    private static ServerProbe probe(Target target) {
        return new ServerProbe("main", target, Policy.VPS, System::nanoTime);
    }

    private static Reading<ServerState> read(Target target) {
        try (ServerProbe probe = probe(target)) {
            return probe.read();
        }
    }

    private static ServerState known(Target target) {
        return read(target).optional().orElseThrow();
    }

    private static Optional<Cause> cause(Reading<?> reading) {
        return reading.fold(known -> Optional.empty(), unknown -> Optional.of(unknown.cause()));
    }
}
