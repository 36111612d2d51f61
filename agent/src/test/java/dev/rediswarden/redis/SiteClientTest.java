package dev.rediswarden.redis;

import static dev.rediswarden.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.preflight.Judge;
import dev.rediswarden.preflight.Origin;
import dev.rediswarden.preflight.Question;
import dev.rediswarden.preflight.Variable;
import dev.rediswarden.preflight.Visit;
import dev.rediswarden.preflight.Visit.Outcome;
import dev.rediswarden.preflight.Visit.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server answers a site, and what is made of it. */
class SiteClientTest {

    private static final String SECRET = "hunter2";

    /** A visit and its verdict. */
    private record Seen(Visit visit, Verdict verdict) {

        String remedy() {
            return verdict.remedy().orElse("");
        }
    }

    @TempDir
    private Path directory;

    private RedisServer server;

    @BeforeEach
    void create() {
        server = RedisServer.in(directory);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aServerThatTakesAKeyIsOkAndKeepsNothingOfIt() {
        server.withPassword(SECRET)
                .with("user site on >" + SECRET + " ~* +@all")
                .start();
        for (String url : new String[] {tcp(":" + SECRET + "@", "/1"), tcp("site:" + SECRET + "@", "/1"), unix("1")}) {
            Seen seen = visit(url);
            assertThat(seen.visit().outcome()).as(seen.toString()).isEqualTo(Outcome.DONE);
            assertThat(seen.verdict().status()).isEqualTo(Status.OK);
            assertThat(seen.verdict().detail())
                    .startsWith("database 1 of ")
                    .endsWith(": PONG, and a key was written, read and removed");
            assertThat(seen.verdict().latency()).isPresent();
        }
        assertThat(server.cli("-n", "1", "DBSIZE")).isEqualTo("0");
        assertThat(server.cli("INFO", "commandstats"))
                .contains("cmdstat_set:calls=3", "cmdstat_get:calls=3", "cmdstat_del:calls=3");
    }

    @Test
    void withoutAPasswordItIsNoauth() {
        server.withPassword(SECRET).start();
        Seen seen = visit(tcp("", ""));
        refused(seen, Step.PING, "NOAUTH ");
        assertThat(seen.verdict().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(seen.remedy()).startsWith("sudoedit /srv/.env # redis://:PASSWORD@HOST");
    }

    @Test
    void aWrongPasswordIsWrongpassEvenWhereTheDefaultUserNeedsNone() {
        server.with("user site on >" + SECRET + " ~* +@all").start();
        refused(visit(tcp("site:wrong@", "")), Step.AUTH, "WRONGPASS ");
        refused(visit(tcp("nobody:wrong@", "")), Step.AUTH, "WRONGPASS ");
        assertThat(visit(tcp("site:wrong@", "")).verdict().status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void aPasswordThatNobodyAsksForFailsAsItDoesInRedisPy() {
        server.start();
        Seen seen = visit(tcp(":" + SECRET + "@", ""));
        refused(seen, Step.AUTH, "ERR AUTH ");
        assertThat(seen.verdict().detail()).contains("it asks for no password");
    }

    @Test
    void anAuthThatIsRenamedDoesNotRepeatThePassword() {
        server.with("rename-command AUTH \"\"").start();
        Seen seen = visit(tcp(":" + SECRET + "@", ""));
        refused(seen, Step.AUTH, "ERR unknown command");
        assertThat(seen.verdict().toString()).doesNotContain(SECRET);
    }

    @Test
    void anAclIsToldByTheRuleThatLacks() {
        server.with(
                        "user keys on >" + SECRET + " ~celery* +@all",
                        "user reads on >" + SECRET + " ~* +@read +@connection",
                        "user mute on >" + SECRET + " ~* +@all -ping",
                        "user fixed on >" + SECRET + " ~* +@all -select")
                .start();
        lacks("keys", "/0", Step.SET, "'~redis-warden:canary:*'");
        lacks("reads", "/0", Step.SET, "+set");
        lacks("mute", "/0", Step.PING, "+ping");
        lacks("fixed", "/1", Step.SELECT, "+select");
        assertThat(visit(tcp("fixed:" + SECRET + "@", "")).visit().outcome()).isEqualTo(Outcome.DONE);
        server.cli("ACL", "SETUSER", "keys", "~redis-warden:canary:*");
        assertThat(visit(tcp("keys:" + SECRET + "@", "")).visit().outcome()).isEqualTo(Outcome.DONE);
    }

    private void lacks(String user, String database, Step step, String rule) {
        Seen seen = visit(tcp(user + ":" + SECRET + "@", database));
        refused(seen, step, "NOPERM ");
        assertThat(seen.verdict().status()).isEqualTo(step == Step.SELECT ? Status.UNHEALTHY : Status.UNKNOWN);
        assertThat(seen.remedy()).endsWith(" --askpass ACL SETUSER " + user + " " + rule);
    }

    @Test
    void aServerThatCannotSaveIsMisconf() throws Exception {
        server.with("save 3600 1", "stop-writes-on-bgsave-error yes").start();
        // What is written beside it cannot take the place of a directory, whoever the server runs as.
        Files.createDirectory(directory.resolve("dump.rdb"));
        server.cli("SET", "key", "value");
        server.cli("BGSAVE");
        await().until(() -> server.cli("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
        Seen seen = visit(tcp("", ""));
        refused(seen, Step.PING, "MISCONF ");
        assertThat(seen.verdict().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(seen.visit().mayPass()).isFalse();
    }

    @Test
    void aServerThatLoadsIsSaidWithItsEstimateAndMayPass() {
        server.with("save 3600 1").start();
        server.cli("EVAL", "for i=1,2000 do redis.call('set',i,string.rep('x',100)) end", "0");
        server.stop();
        server.with("key-load-delay 2000", "loading-process-events-interval-bytes 1024")
                .launch();
        Seen seen = visit(tcp("", ""));
        assertThat(seen.visit().is("LOADING")).as(seen.toString()).isTrue();
        assertThat(seen.visit().mayPass()).isTrue();
        assertThat(seen.verdict().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(seen.verdict().detail()).contains("until the dataset is loaded");
    }

    @Test
    void aReplicaTakesNoWrites() {
        server.with("replicaof 127.0.0.1 " + RedisServer.freePort()).start();
        Seen seen = visit(tcp("", ""));
        refused(seen, Step.SET, "READONLY ");
        assertThat(seen.verdict().detail()).contains("it is a replica");
    }

    @Test
    void aDatabaseOutOfRangeIsAFinding() {
        server.with("databases 4").start();
        for (String database : new String[] {"/4", "/-1", "/999999999"}) {
            Seen seen = visit(tcp("", database));
            refused(seen, Step.SELECT, "ERR ");
            assertThat(seen.verdict().detail()).contains("there is no database");
        }
        assertThat(visit(tcp("", "/3")).visit().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void aFullServerIsMendedByTheCommandThatIsGiven() {
        server.with("maxmemory-policy noeviction").start();
        server.cli("CONFIG", "SET", "maxmemory", "100000");
        Seen seen = visit(tcp("", ""));
        refused(seen, Step.SET, "OOM ");
        assertThat(seen.remedy()).endsWith(" CONFIG SET maxmemory 125000");
    }

    @Test
    void nobodyThereATimeoutAndWhatIsNoRedisAreToldApart() {
        assertThat(visit(tcp("", "")).visit().outcome()).isEqualTo(Outcome.ABSENT);
        assertThat(visit("unix://" + directory + "/none").visit().outcome()).isEqualTo(Outcome.ABSENT);
        ScriptedServer.Script web = peer -> {
            peer.hear();
            peer.say("HTTP/1.1 400 Bad Request\r\n\r\n");
        };
        try (ScriptedServer stalled = ScriptedServer.onTcp(ScriptedServer.Peer::stall);
                ScriptedServer other = ScriptedServer.onTcp(web)) {
            assertThat(visit(stalled.url()).visit().outcome()).isEqualTo(Outcome.TIMEOUT);
            assertThat(visit(other.url()).visit().outcome()).isEqualTo(Outcome.NOT_REDIS);
        }
    }

    private static void refused(Seen seen, Step step, String error) {
        assertThat(seen.visit().outcome()).as(seen.toString()).isEqualTo(Outcome.REFUSED);
        assertThat(seen.visit().step()).as(seen.toString()).isEqualTo(step);
        assertThat(seen.visit().text()).startsWith(error).doesNotContain(SECRET);
    }

    private String tcp(String login, String database) {
        return "redis://" + login + "127.0.0.1:" + server.port() + database;
    }

    private String unix(String database) {
        return "unix://:" + SECRET + "@" + server.socket() + "?db=" + database;
    }

    private static Seen visit(String url) {
        Judge judge = new Judge(Origin.file("/srv/.env"));
        Question.Ask ask = (Question.Ask) judge.question(url);
        Visit visit = new SiteClient(
                        url.contains("unix") ? Targets.PATIENT : Targets.SHORT.multipliedBy(10), System::nanoTime)
                .visit(ask.url());
        return new Seen(visit, judge.verdict(Variable.REDIS_URL, ask, visit, Optional.of("redis-server.service")));
    }
}
