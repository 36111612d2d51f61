package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientsCheckTest {

    private static final String MORE_FILES = "printf '[Service]\\nLimitNOFILE=65535\\n' | sudo install -D -m 0644"
            + " /dev/stdin /etc/systemd/system/redis-server.service.d/60-open-files.conf"
            + " && sudo systemctl daemon-reload && { sudo prlimit --pid 812 --nofile=65535"
            + " || sudo systemctl restart redis-server.service; }"
            + " && redis-cli --askpass CONFIG SET maxclients 10000";

    @ParameterizedTest
    @MethodSource({"room", "rejected", "files", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new ClientsCheck());
    }

    static Stream<Expected> room() {
        return Stream.of(
                Expected.ok("room for more is ok", healthy(), "connected_clients is 3 of maxclients 10000"),
                Expected.ok("80 % is not near", connected("8000"), "8000"),
                degraded(
                        "above 80 % is degraded",
                        connected("8051"),
                        "8051 of maxclients 10000, 81 %",
                        "redis-cli --askpass CONFIG SET maxclients 20000 && redis-cli --askpass CONFIG REWRITE"),
                degraded("replicas take room too", connected("7999").withInfo("connected_slaves", "2"), "80 %", ""),
                degraded(
                        "more clients than the unit may open files for need more files",
                        connected("60000").withConfig("maxclients", "65000"),
                        "92 %",
                        "LimitNOFILE=130032"),
                new Expected(
                        "no room is unhealthy",
                        connected("10000"),
                        Status.UNHEALTHY,
                        "every new connection is refused",
                        "sudo systemctl restart redis-server.service && redis-cli --askpass CONFIG SET maxclients"
                                + " 20000"),
                new Expected(
                        "a connection that is turned away proves it",
                        healthy().with(ping(Outcome.ERROR, "ERR max number of clients reached")),
                        Status.UNHEALTHY,
                        "answers ERR max number of clients reached",
                        "maxclients 20000"));
    }

    static Stream<Expected> rejected() {
        Given some = healthy().grown("rejected_connections", 5);
        return Stream.of(
                degraded(
                        "connections that were turned away are degraded",
                        some,
                        "rejected_connections has grown by 5 within ten minutes",
                        "CONFIG SET maxclients 20000"),
                degraded(
                        "without a password, protected-mode may have turned them away",
                        some.withPasswordAsked(Reading.known(false)),
                        "unless protected-mode",
                        ""),
                Expected.ok("those of long ago do not count", healthy().withInfo("rejected_connections", "70"), ""));
    }

    static Stream<Expected> files() {
        Given lowered = healthy().withConfig("maxclients", "4064");
        return Stream.of(
                degraded(
                        "so it is by what systemd allows, where the process is not shown",
                        lowered.withOpenFiles(Given.unknown())
                                .with(Given.copy(
                                        Given.unit("loaded", "enabled", "active", "running", "success"),
                                        "openFiles",
                                        OptionalLong.of(4096))),
                        "the process may open 4096 files (LimitNOFILE of redis-server.service), CONFIG maxclients is"
                                + " 4064",
                        MORE_FILES),
                degraded(
                        "nothing that is not saved is restarted for it",
                        lowered.withOpenFiles(Reading.known(4096L)).withConfig("save", ""),
                        "maxclients is 4064",
                        "sudo systemctl daemon-reload && sudo prlimit --pid 812 --nofile=65535"
                                + " && redis-cli --askpass CONFIG SET maxclients 10000"),
                degraded(
                        "maxclients lowered for want of files is degraded",
                        lowered.withOpenFiles(Reading.known(4096L)),
                        "the process may open 4096 files (/proc/PID/limits), CONFIG maxclients is 4064,"
                                + " where redis.conf asks for 10000",
                        MORE_FILES),
                Expected.ok(
                        "where the process is hidden, it may be somebody's own number",
                        lowered.withOpenFiles(Given.unknown()),
                        ""),
                Expected.ok(
                        "what somebody has set lower is no want of files",
                        lowered.withOpenFiles(Reading.known(65_535L)),
                        ""),
                Expected.ok(
                        "nor is a number that Redis does not come to",
                        healthy().withConfig("maxclients", "500").withOpenFiles(Given.unknown()),
                        ""),
                degraded(
                        "fewer files than maxclients are degraded",
                        healthy().withOpenFiles(Reading.known(1024L)),
                        "the process may open 1024 files",
                        "prlimit --pid 812 --nofile=65535"),
                Expected.ok("what redis.conf asks for is enough", lowered.withConfFile("maxclients", "4064"), ""),
                Expected.ok("a hidden process alone is ok", healthy().withOpenFiles(Given.unknown()), ""),
                Expected.ok(
                        "a container's files are not this host's",
                        lowered.withOpenFiles(Reading.known(1024L)).withUnit(Optional.empty()),
                        ""));
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                unknown("without connected_clients it is unknown", healthy().withoutInfo("connected_clients")),
                unknown("without any maxclients it is unknown", healthy().withoutInfo("maxclients")),
                unknown(
                        "a CONFIG that may not be asked is told where INFO has no maxclients",
                        healthy().withoutInfo("maxclients").withConfig(Given.unknown())),
                Expected.ok(
                        "INFO's maxclients is enough", healthy().withConfig(Given.unknown()), "of maxclients 10000"),
                unknown("a silent server is unknown", healthy().with(ping(Outcome.TIMEOUT, ""))));
    }

    private static Given connected(String clients) {
        return healthy().withInfo("connected_clients", clients);
    }
}
