package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of a real server, changed and kept, or not changed at all. */
class RedisActuatorTest {

    @TempDir
    private Path directory;

    @TempDir
    private Path state;

    private final List<String> progress = new ArrayList<>();
    private RedisServer server = RedisServer.in(Path.of("/"));

    @BeforeEach
    void server() {
        server = RedisServer.in(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsSetIsKeptForTheNextStart() throws IOException {
        server.start();
        Files.setPosixFilePermissions(server.conf(), PosixFilePermissions.fromString("rw-r-----"));

        assertThat(done("maxmemory", "0", "268435456")).contains("CONFIG REWRITE");
        assertThat(done("save", "", "900 1 300 10 60 10000")).contains("CONFIG REWRITE");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.conf())))
                .isEqualTo("rw-r-----");
        server.stop();
        server.start();
        assertThat(config("maxmemory")).isEqualTo("268435456");
        assertThat(config("save")).isEqualTo("900 1 300 10 60 10000");
    }

    @Test
    void whereRedisCannotRewriteItsFileAnIncludeOfOursSaysIt() throws IOException {
        // CONFIG REWRITE would copy what is in here to where it counts more.
        Path others = Files.writeString(directory.resolve("others.conf"), "timeout 77\n");
        server.with("include " + others, "maxmemory 1gb").start();

        assertThat(done("maxmemory", "1073741824", "268435456"))
                .contains("/redis-warden.conf, which redis.conf includes");
        assertThat(done("save", "", "900 1 60 10000")).contains("which redis.conf includes");
        assertThat(done("save", "900 1 60 10000", "300 10")).contains("which redis.conf includes");

        server.stop();
        server.start();
        assertThat(config("maxmemory")).isEqualTo("268435456");
        assertThat(config("save")).isEqualTo("300 10");
        assertThat(config("timeout")).isEqualTo("77");
        assertThat(Files.readString(server.conf())).containsOnlyOnce("redis-warden.conf\n");
    }

    @Test
    void aLinkInRedisConfsPlaceIsNotFollowed() throws Exception {
        server.start();
        Path real = Files.move(server.conf(), directory.resolve("real.conf"));
        Files.createSymbolicLink(server.conf(), real);
        String before = Files.readString(real);

        Outcome outcome = carryOut("maxmemory", "0", "268435456");

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(Files.isSymbolicLink(server.conf())).isTrue();
        assertThat(Files.readString(real)).isEqualTo(before);
        assertThat(config("maxmemory")).isEqualTo("0");
    }

    @Test
    void aFileThatCannotBeReplacedTakesTheChangeBack() throws Exception {
        server.start();
        String before = Files.readString(server.conf());
        // Root writes past every mode; over what is mounted, nobody renames.
        run("mount", "--bind", server.conf().toString(), server.conf().toString());
        try {
            Outcome outcome = carryOut("maxmemory", "0", "268435456");

            assertThat(outcome.result()).isEqualTo(Result.FAILED);
            assertThat(outcome.proof())
                    .contains("could not be changed", "write into it by hand: maxmemory 268435456", "taken back");
            assertThat(config("maxmemory")).isEqualTo("0");
        } finally {
            run("umount", server.conf().toString());
        }
        assertThat(Files.readString(server.conf())).isEqualTo(before);
        assertThat(OwnInclude.path(server.conf())).doesNotExist();
    }

    @Test
    void aRewriteThatWouldKeepAnIntrudersDirectoryIsTakenBack() throws IOException {
        server.with("enable-protected-configs yes").start();
        String before = Files.readString(server.conf());
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        assertThat(server.cli("CONFIG", "SET", "dir", elsewhere.toString())).isEqualTo("OK");

        Outcome outcome = carryOut("maxmemory", "0", "268435456");

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.proof()).contains("would keep more than that: dir", "everything was taken back");
        assertThat(Files.readString(server.conf())).isEqualTo(before);
        assertThat(config("maxmemory")).isEqualTo("0");
    }

    @Test
    void whatChangedSinceThePlanIsNotChanged() throws IOException {
        server.start();
        server.cli("CONFIG", "SET", "maxmemory", "1gb");

        assertThat(carryOut("maxmemory", "0", "268435456").proof()).contains("nothing was changed: it is 1073741824");
        assertThat(config("maxmemory")).isEqualTo("1073741824");
    }

    @Test
    void aBoundBelowItsDataIsRefusedAsDataWouldGo() throws IOException {
        server.start();

        assertThat(carryOut("maxmemory", "0", "1000").proof()).contains("its data takes", "taken back");
        assertThat(config("maxmemory")).isEqualTo("0");
    }

    @Test
    void aServerThatDiesMeanwhileIsSaidAndItsFileIsAsItWas() throws IOException {
        server.start();
        String before = Files.readString(server.conf());
        server.kill();

        assertThat(carryOut("maxmemory", "0", "268435456").result()).isEqualTo(Result.FAILED);
        assertThat(Files.readString(server.conf())).isEqualTo(before);
    }

    @Test
    void theLogIsTurnedOnAndARestartRightAfterKeepsEveryKey() throws IOException {
        server.start();
        server.cli("DEBUG", "POPULATE", "100000", "key", "100");
        server.cli("EVAL", "for i=1,100000 do redis.call('SET','k'..i,'value'..i) end", "0");
        server.cli("-n", "3", "SET", "another", "database");

        assertThat(done("appendonly", "no", "yes"))
                .contains("100001 keys before and 100001 now", " 0 changed, 0 gone", "CONFIG REWRITE");

        server.kill();
        server.start();
        assertThat(config("appendonly")).isEqualTo("yes");
        assertThat(server.cli("DBSIZE")).isEqualTo("100000");
        assertThat(server.cli("GET", "k777")).isEqualTo("value777");
        assertThat(server.cli("-n", "3", "GET", "another")).isEqualTo("database");
    }

    @Test
    void aRunThatWasInterruptedBeforeTheFileIsGoneOnWith() throws IOException {
        server.start();
        server.cli("SET", "a", "1");
        server.cli("CONFIG", "SET", "appendonly", "yes");

        assertThat(done("appendonly", "yes", "yes")).contains("1 keys before and 1 now");

        server.kill();
        server.start();
        assertThat(server.cli("GET", "a")).isEqualTo("1");
    }

    @Test
    void aLogThatCannotBeWrittenLeavesAllAsItWas() throws IOException {
        // A file where Redis wants a directory: the log cannot be written there.
        Files.writeString(directory.resolve("appendonlydir"), "");
        server.start();
        server.cli("SET", "a", "1");

        Outcome outcome = carryOut("appendonly", "no", "yes");

        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(config("appendonly")).isEqualTo("no");
        server.stop();
        server.start();
        assertThat(server.cli("GET", "a")).as("from the snapshot before").isEqualTo("1");
    }

    @Test
    void whatIsTakenBackIsWhatNobodyHasChangedSinceAndNeverWhatKeepsData() throws IOException {
        server.start();
        done("maxmemory", "0", "268435456");
        done("maxmemory", "268435456", "536870912");
        done("maxmemory-policy", "noeviction", "volatile-lru");
        done("appendonly", "no", "yes");
        server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        server.cli("CONFIG", "REWRITE");
        List<Left> left = new ArrayList<>();

        try (RedisActuator actuator = actuator(server.conf(), state)) {
            assertThat(actuator.revert(left))
                    .singleElement()
                    .satisfies(outcome -> assertThat(outcome.isDone()).isTrue());
            assertThat(actuator.revert(new ArrayList<>())).isEmpty();
        }

        assertThat(left)
                .extracting(Left::reason)
                .satisfiesExactlyInAnyOrder(
                        reason -> assertThat(reason).contains("maxmemory-policy stays", "somebody has changed it"),
                        reason -> assertThat(reason).contains("appendonly stays", "less safe"));
        server.stop();
        server.start();
        assertThat(config("maxmemory")).isEqualTo("0");
        assertThat(config("maxmemory-policy")).isEqualTo("allkeys-lru");
        assertThat(config("appendonly")).isEqualTo("yes");
    }

    @Test
    void aFileThatAnInterruptionLeftBrokenIsMadeGood() throws IOException {
        String before = Files.readString(server.conf());
        Files.writeString(state.resolve("redis.conf.under-way"), before);
        Files.writeString(server.conf(), "bind 127.0.0.1\nmaxmemory \"");

        try (RedisActuator actuator = actuator(server.conf(), state)) {
            assertThat(actuator.recover()).isPresent();
            assertThat(Files.readString(server.conf())).isEqualTo(before);
            assertThat(actuator.recover()).isEmpty();
        }
        server.start();
    }

    private String config(String parameter) {
        return server.cli("CONFIG", "GET", parameter)
                .lines()
                .skip(1)
                .findFirst()
                .orElse("");
    }

    private static Action.Configure change(String parameter, String now, String value) {
        return new Action.Configure("main", "redis-server.service", parameter, now, now, value);
    }

    private RedisActuator actuator(Path conf, Path where) throws IOException {
        return new RedisActuator(
                "main", "redis-server.service", Targets.of(server), conf, where, progress::add, System::nanoTime);
    }

    private Outcome carryOut(String parameter, String now, String value) throws IOException {
        try (RedisActuator actuator = actuator(server.conf(), state)) {
            return actuator.carryOut(change(parameter, now, value));
        }
    }

    private String done(String parameter, String now, String value) throws IOException {
        Outcome outcome = carryOut(parameter, now, value);
        assertThat(outcome.result()).as(outcome.proof()).isEqualTo(Result.DONE);
        return outcome.proof();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
