package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.listener;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BindingCheckTest {

    private static final Listener WILDCARD = listener("0.0.0.0", 6379);

    @ParameterizedTest
    @MethodSource({"closed", "open", "otherPorts", "wishes", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new BindingCheck());
    }

    static Stream<Expected> closed() {
        return Stream.of(
                Expected.ok("loopback alone is ok", healthy(), "127.0.0.1:6379, [::1]:6379 alone"),
                Expected.ok("IPv6 loopback alone is ok", healthy().listening(listener("::1", 6379)), "alone"),
                Expected.ok("all of 127.0.0.0/8 is loopback", healthy().listening(listener("127.8.8.8", 6379)), ""),
                Expected.ok(
                        "a unix socket alone is ok",
                        onSocketFile().withConfig("port", "0").listening(),
                        "a unix socket alone"),
                Expected.ok(
                        "an empty bind opens no socket",
                        onSocketFile().withConfig("bind", "").listening(),
                        "a unix socket alone"),
                Expected.ok(
                        "what others listen on is their business",
                        healthy().listening(listener("127.0.0.1", 6379), listener("0.0.0.0", 22)),
                        "listens on 127.0.0.1:6379 alone"));
    }

    static Stream<Expected> open() {
        Listener published = listener("203.0.113.5", 6379, 0);
        return Stream.of(
                degraded(
                        "a port that somebody else opens to others is told by its user, and not mended by bind",
                        healthy().listening(listener("127.0.0.1", 6379), published),
                        "beside redis-server.service, user 0 listens on 203.0.113.5:6379 (/proc/net/tcp)",
                        "sudo docker ps --filter publish=6379 # then publish it as 127.0.0.1:6379"),
                new Expected(
                        "a container's port that is published to everyone is unhealthy without a password",
                        healthy()
                                .withUnit(Optional.empty())
                                .listening(listener("0.0.0.0", 6379, 0))
                                .withPasswordAsked(Reading.known(false)),
                        Status.UNHEALTHY,
                        "Docker lets other hosts in before ufw is asked",
                        "sudo docker ps --filter publish=6379"),
                exposed("the IPv4 wildcard", WILDCARD, Status.DEGRADED, true),
                exposed("the IPv6 wildcard", listener("::", 6379), Status.DEGRADED, true),
                exposed("a private address", listener("10.1.2.3", 6379), Status.DEGRADED, true),
                exposed("a public IPv6 address", listener("2001:db8::1", 6379), Status.DEGRADED, true),
                exposed("the wildcard without a password", WILDCARD, Status.UNHEALTHY, false),
                new Expected(
                        "where protected mode alone keeps others out, it says so",
                        healthy().listening(WILDCARD).withPasswordAsked(Reading.known(false)),
                        Status.UNHEALTHY,
                        "protected-mode alone",
                        ""),
                new Expected(
                        "before Redis 7 the remedy is in redis.conf",
                        healthy()
                                .withInfo("redis_version", "6.0.16")
                                .listening(WILDCARD)
                                .withPasswordAsked(Reading.known(false)),
                        Status.UNHEALTHY,
                        "has all data",
                        "sudo sed -i -e '1i bind 127.0.0.1' -e '/^[[:space:]]*bind[[:space:]]/Id'"
                                + " /etc/redis/redis.conf"),
                new Expected(
                        "exposed, and nobody knows whether a password is asked, is unhealthy",
                        healthy().listening(WILDCARD).withPasswordAsked(Given.unknown()),
                        Status.UNHEALTHY,
                        "is not known",
                        "CONFIG SET bind '127.0.0.1 -::1'"),
                new Expected(
                        "sockets prove more than CONFIG, and the difference is told",
                        healthy().listening(WILDCARD),
                        Status.DEGRADED,
                        "while CONFIG bind says 127.0.0.1 -::1",
                        ""));
    }

    static Stream<Expected> otherPorts() {
        Listener tls = listener("0.0.0.0", 6380);
        return Stream.of(
                new Expected(
                        "the TLS port counts as well",
                        healthy().withConfig("tls-port", "6380").listening(listener("127.0.0.1", 6379), tls),
                        Status.DEGRADED,
                        "listens on 0.0.0.0:6380",
                        ""),
                new Expected(
                        "so it does where only redis.conf names it",
                        healthy()
                                .withConfig(Given.unknown())
                                .withConfFile("tls-port", "6380")
                                .listening(listener("127.0.0.1", 6379), tls),
                        Status.DEGRADED,
                        "listens on 0.0.0.0:6380",
                        ""),
                new Expected(
                        "the cluster bus counts as well",
                        healthy()
                                .withConfig("cluster-enabled", "yes")
                                .listening(listener("127.0.0.1", 6379), listener("0.0.0.0", 16379)),
                        Status.DEGRADED,
                        "listens on 0.0.0.0:16379",
                        ""));
    }

    static Stream<Expected> wishes() {
        return Stream.of(
                new Expected(
                        "a bind that no socket shows yet is degraded",
                        healthy().withConfig("bind", "* -::*"),
                        Status.DEGRADED,
                        "the next start",
                        "CONFIG SET bind"),
                new Expected(
                        "no protected mode and no password is degraded",
                        healthy().withConfig("protected-mode", "no").withPasswordAsked(Reading.known(false)),
                        Status.DEGRADED,
                        "protected-mode is no",
                        "CONFIG SET protected-mode yes"),
                Expected.ok(
                        "no protected mode with a password is ok", healthy().withConfig("protected-mode", "no"), ""));
    }

    static Stream<Expected> whatIsNotKnown() {
        Given silent = healthy().with(ping(Outcome.REFUSED, ""));
        return Stream.of(
                unknown("unread sockets are unknown", healthy().withListeners(Given.unknown()), "could not be read"),
                unknown(
                        "a stopped server that listens nowhere is unknown",
                        silent.listening(),
                        "nothing listens on port 6379:"),
                unknown(
                        "a server that answers without a socket here is elsewhere",
                        healthy().listening(),
                        "another host or in a container"),
                unknown(
                        "with neither CONFIG nor redis.conf other ports are unknown",
                        healthy().withConfig(Given.unknown()).withConfFile(Given.unknown()),
                        "other ports"),
                unknown(
                        "the same port of this host is not that of a server elsewhere",
                        healthy()
                                .withUnit(Optional.empty())
                                .with(new Ping(
                                        Outcome.PONG,
                                        "10.1.2.3:6379",
                                        "",
                                        Duration.ofMillis(1),
                                        0,
                                        OptionalLong.empty())),
                        "another host or in a container"),
                unknown(
                        "a unix socket with neither CONFIG nor redis.conf proves nothing",
                        onSocketFile()
                                .withInfo(Map.of())
                                .withConfig(Given.unknown())
                                .withConfFile(Given.unknown()),
                        "other ports"));
    }

    private static Expected exposed(String what, Listener socket, Status status, boolean password) {
        return new Expected(
                what + " is " + status.word() + (password ? " with a password" : ""),
                healthy().listening(socket).withPasswordAsked(Reading.known(password)),
                status,
                "listens on " + socket,
                "CONFIG SET bind '127.0.0.1 -::1' && redis-cli" + (password ? " --askpass" : "") + " CONFIG REWRITE");
    }

    private static Expected unknown(String sentence, Given given, String detail) {
        return new Expected(sentence, given, Status.UNKNOWN, detail, "");
    }

    private static Given onSocketFile() {
        return healthy()
                .with(new Ping(
                        Outcome.PONG, "unix:/run/redis/redis.sock", "", Duration.ofMillis(1), 0, OptionalLong.empty()));
    }
}
