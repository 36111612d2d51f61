package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriftCheckTest {

    @ParameterizedTest
    @MethodSource({"differences", "noDifferences", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new DriftCheck());
    }

    static Stream<Expected> differences() {
        return Stream.of(
                degraded(
                        "a bound that a restart takes away is degraded",
                        healthy().withConfig("maxmemory", "536870912"),
                        "maxmemory is '0' and now '536870912'",
                        "redis-cli --askpass CONFIG REWRITE # keeps what runs, and what redis.conf says is lost;"
                                + " the other way round: redis-cli --askpass CONFIG SET maxmemory 0"),
                degraded(
                        "save points that a restart brings are degraded",
                        healthy().withConfig("save", ""),
                        "save is '3600 1 300 100' and now ''",
                        "CONFIG SET save '3600 1 300 100'"),
                degraded(
                        "who gets in is set back, and not made lasting",
                        healthy().withConfig("bind", "* -::*").withConfig("maxmemory", "7"),
                        "bind is '127.0.0.1 -::1' and now '* -::*'",
                        "redis-cli --askpass CONFIG SET bind '127.0.0.1 -::1' maxmemory 0 # as redis.conf says;"
                                + " to keep what runs, and lose that: redis-cli --askpass CONFIG REWRITE"),
                degraded(
                        "before Redis 7, that takes a restart",
                        healthy().withInfo("redis_version", "6.0.16").withConfig("bind", "0.0.0.0"),
                        "now '0.0.0.0'",
                        "sudo systemctl restart redis-server.service # as redis.conf says"),
                degraded(
                        "data in another place is never lost by a restart",
                        healthy().withConfig("dir", "/tmp"),
                        "the next restart looks for its data in another place",
                        "redis-cli --askpass CONFIG GET 'd*' # if its data belongs there: redis-cli --askpass CONFIG"
                                + " REWRITE"),
                degraded(
                        "a default of Redis 6 is what its next start takes",
                        healthy().withInfo("redis_version", "6.0.16").withConfig("maxmemory-policy", "allkeys-lru"),
                        "maxmemory-policy is 'noeviction' and now 'allkeys-lru'",
                        "CONFIG REWRITE"),
                degraded(
                        "where the log is on in the file alone, no restart comes before it is written",
                        healthy().withConfFile("appendonly", "yes").withConfig("dir", "/tmp"),
                        "the next restart looks for its data in another place",
                        "redis-cli --askpass CONFIG SET appendonly yes # first: a restart would load"),
                degraded(
                        "a value cannot smuggle in a command",
                        healthy().withConfFile("maxmemory-policy", "$(reboot)").withConfig("maxmemory-policy", "x"),
                        "",
                        "CONFIG SET maxmemory-policy '$(reboot)'"));
    }

    static Stream<Expected> noDifferences() {
        Given old = healthy().withInfo("redis_version", "5.0.14");
        return Stream.of(
                Expected.ok("the same in both is ok", healthy(), "redis.conf and CONFIG agree"),
                Expected.ok(
                        "addresses in another order are the same",
                        healthy().withConfFile("bind", "-::1 127.0.0.1"),
                        ""),
                Expected.ok(
                        "defaults are the same as nothing",
                        healthy().withConfig("maxmemory", "0").withConfig("maxmemory-policy", "noeviction"),
                        ""),
                Expected.ok(
                        "Redis 6.0 listens everywhere by no address at all",
                        healthy()
                                .withInfo("redis_version", "6.0.16")
                                .withConfFile(healthy().confFile().map(file -> without(file, "bind")))
                                .withConfig("bind", ""),
                        "agree"),
                Expected.ok("another version's defaults are not guessed", old.withConfig("maxmemory", "7"), ""),
                Expected.ok(
                        "that AOF differs is for persistence to tell", healthy().withConfFile("appendonly", "yes"), ""),
                Expected.ok(
                        "what the unit's command line says is no drift",
                        healthy().withConfig("daemonize", "no").withConfFile("daemonize", "yes"),
                        ""),
                new Expected(
                        "what no unit of this host runs has no redis.conf here",
                        healthy().withUnit(Optional.empty()).withConfig("maxmemory", "7"),
                        Status.OFF,
                        "no unit of this host runs it",
                        ""));
    }

    private static Map<String, String> without(Map<String, String> file, String parameter) {
        Map<String, String> less = new TreeMap<>(file);
        less.remove(parameter);
        return less;
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                new Expected(
                        "another file than the one that was read is unknown",
                        healthy().withInfo("config_file", "/srv/redis.conf"),
                        Status.UNKNOWN,
                        "Redis has loaded /srv/redis.conf",
                        "config_file = \"/srv/redis.conf\""),
                new Expected(
                        "a server without a file is unknown",
                        healthy().withInfo("config_file", ""),
                        Status.UNKNOWN,
                        "was started without a redis.conf",
                        "systemctl cat redis-server.service"),
                unknown("redis.conf that may not be read is unknown", healthy().withConfFile(Given.unknown())),
                unknown("CONFIG that may not be asked is unknown", healthy().withConfig(Given.unknown())),
                unknown("CONFIG without anything is unknown", healthy().withConfig(Reading.known(Map.of()))),
                unknown("a silent server is unknown", healthy().with(ping(Outcome.REFUSED, ""))));
    }
}
