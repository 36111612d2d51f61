package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.RedisServer;
import dev.rediswarden.redis.ServerProbe;
import dev.rediswarden.redis.Target;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Policy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file and the server that has loaded it, however the file is written. */
class DriftAgainstRedisTest {

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
    void whatRedisHasLoadedIsNoDriftAndWhatWasSetSinceIs() {
        server.with(
                        "MaxMemory 512MB",
                        "maxmemory-policy VOLATILE-LRU",
                        "save  3600   1",
                        "save 300 100",
                        "appendfsync No",
                        "dbfilename \"other.rdb\"")
                .start();
        assertThat(judged().status()).as(judged().detail()).isEqualTo(Status.OK);

        server.cli("CONFIG", "SET", "maxmemory", "1gb");
        assertThat(judged().detail()).contains("maxmemory is '536870912' and now '1073741824'");
        server.cli("CONFIG", "REWRITE");
        assertThat(judged().status()).as(judged().detail()).isEqualTo(Status.OK);
    }

    @Test
    void whatTheFileDoesNotNameIsAsRedis7HasIt() {
        server.start();
        assertThat(judged().status()).as(judged().detail()).isEqualTo(Status.OK);
        for (String set : List.of("protected-mode no", "maxmemory-policy allkeys-lru", "appendfsync no")) {
            server.cli(("CONFIG SET " + set).split(" ", -1));
            assertThat(judged().detail()).contains(set.split(" ", -1)[0] + " is '");
        }
    }

    private Verdict judged() {
        Target target = new Target(
                Optional.empty(), List.of(server.conf()), Optional.empty(), Optional.empty(), Duration.ofSeconds(10));
        InstanceState healthy = Given.healthy().state("main");
        try (ServerProbe probe = new ServerProbe("main", target, Policy.VPS, System::nanoTime);
                ConfProbe conf = new ConfProbe("main", List.of(server.conf()))) {
            InstanceState now = Given.copy(healthy, "server", probe.read(), "confFile", conf.read());
            return new DriftCheck().examine(now, Given.healthy().snapshot("main"));
        }
    }
}
