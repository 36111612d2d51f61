package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed as the least is enough for a real server, and less is not. */
class AclRuleTest {

    private static final String SECRET = "do-not-show-this";
    private static final List<String> QUEUES = List.of("celery", "mail");

    @TempDir
    private Path directory;

    private RedisServer server;

    @BeforeEach
    void prepare() {
        server = RedisServer.in(directory)
                .withPassword(SECRET + "-of-others")
                .with("slowlog-log-slower-than 0")
                .start();
        server.cli("-n", "1", "LPUSH", "mail", "task");
        server.cli("-n", "1", "ZADD", "unacked_index", "1767323045.5", "tag");
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void underTheRuleEveryReadingIsKnown() {
        allow(AclRule.COMMANDS);
        assertThat(unknown()).isEmpty();
    }

    @Test
    void withoutOneOfItsCommandsSomethingIsUnknown() {
        for (String command : AclRule.COMMANDS) {
            if (!command.startsWith("client|")) { // courtesies; and of who waits there is a coarser count
                List<String> less = new ArrayList<>(AclRule.COMMANDS);
                less.remove(command);
                allow(less);
                assertThat(unknown()).as("without +" + command).isNotEmpty();
            }
        }
    }

    @Test
    void underTheRuleNothingElseIsAllowed() {
        allow(AclRule.COMMANDS);
        String url = "redis://warden:" + SECRET + "@127.0.0.1:" + server.port();
        for (String command : List.of("GET mail", "SET celery x", "KEYS *", "CONFIG SET dir /tmp", "EXISTS session")) {
            assertThat(server.cli(("-u " + url + " " + command).split(" ", -1)))
                    .as(command)
                    .contains("NOPERM");
        }
    }

    private void allow(List<String> commands) {
        server.cli("ACL", "DELUSER", "warden");
        String[] words = AclRule.line("warden", commands, QUEUES).split(" ", -1);
        List<String> argv = new ArrayList<>(List.of("ACL", "SETUSER"));
        argv.addAll(List.of(words).subList(1, words.length));
        argv.add(">" + SECRET);
        assertThat(server.cli(argv.toArray(String[]::new))).contains("OK");
    }

    /** The details of readings that are not known. */
    private List<String> unknown() {
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        try (PingProbe ping = new PingProbe("main", target, System::nanoTime);
                ServerProbe probe = new ServerProbe("main", target, Policy.VPS, System::nanoTime)) {
            List<String> unknown = new ArrayList<>();
            ping.read()
                    .fold(
                            answer -> answer.outcome() == Ping.Outcome.PONG || unknown.add(answer.reply()),
                            why -> unknown.add(why.detail()));
            Reading<ServerState> server = probe.read();
            server.fold(
                    state -> {
                        for (Reading<?> part : List.of(
                                state.config(),
                                state.passwordAsked(),
                                state.slowLog(),
                                state.inspection().strangerServed(),
                                state.inspection().modules(),
                                state.inspection().keys())) {
                            part.fold(known -> true, why -> unknown.add(why.detail()));
                        }
                        state.slowLog()
                                .optional()
                                .filter(log -> log.length().isEmpty())
                                .ifPresent(log -> unknown.add("SLOWLOG LEN"));
                        return true;
                    },
                    why -> unknown.add(why.detail()));
            return unknown;
        }
    }
}
