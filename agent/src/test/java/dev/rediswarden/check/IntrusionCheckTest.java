package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unhealthy;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Inspection.Module;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Reading;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntrusionCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new IntrusionCheck());
    }

    static Stream<Expected> rows() {
        return Stream.of(
                Expected.ok("nothing is ok", healthy(), "no trace"),
                unhealthy(
                        "dumps as cron lines are unhealthy",
                        dir("/var/spool/cron/crontabs", "root"),
                        "cron",
                        "CONFIG SET dir /var/lib/redis"),
                unhealthy(
                        "dumps as login keys are unhealthy",
                        dir("/home/deploy/.ssh", "authorized_keys"),
                        ".ssh",
                        "CONFIG SET dbfilename dump.rdb"),
                unhealthy("dumps as libraries are unhealthy", dir("/var/lib/redis", "exp.so"), "exp.so", "dbfilename"),
                unhealthy(
                        "dumps as pages are unhealthy",
                        dir("/srv/htdocs", "dump.rdb"),
                        "/srv/htdocs",
                        "CONFIG SET dir"),
                Expected.ok("another disk is ok", dir("/srv/redis", "site.rdb"), ""),
                unhealthy(
                        "a master that redis.conf does not name is unhealthy",
                        replica(),
                        "slave of 203.0.113.7 6379",
                        "REPLICAOF NO ONE"),
                Expected.ok("the one that it names is ok", replica().withConfFile("replicaof", "203.0.113.7 6379"), ""),
                unhealthy(
                        "a module that nobody loads is unhealthy",
                        module("/tmp/exp.so"),
                        "system (/tmp/exp.so)",
                        "MODULE UNLOAD system"),
                unhealthy(
                        "where modules cannot be unloaded, a restart begins without",
                        module("/tmp/exp.so").withConfig("enable-module-command", "no"),
                        "system (/tmp/exp.so)",
                        "sudo systemctl restart redis-server.service # if it is yours"),
                Expected.ok(
                        "one that redis.conf loads is ok",
                        module("/usr/lib/a.so").withConfFile("loadmodule", "/usr/lib/b.so /usr/lib/a.so"),
                        ""),
                Expected.ok(
                        "one that is allowed is ok",
                        healthy()
                                .with(Wished.password())
                                .withModules(Reading.known(List.of(new Module("search", "/tmp/x.so")))),
                        ""),
                Expected.ok("one that is built in is ok", module(""), ""),
                unhealthy(
                        "before Redis 7 none tells its path",
                        module("").withInfo("redis_version", "6.0.16"),
                        "system",
                        "MODULE UNLOAD"),
                unhealthy(
                        "module commands for everybody are unhealthy",
                        healthy().withConfig("enable-module-command", "yes"),
                        "enable-module-command is yes",
                        "/etc/redis/redis.conf"),
                degraded(
                        "debug commands for this host are degraded",
                        healthy().withConfig("enable-debug-command", "local"),
                        "is local",
                        "restart"),
                unhealthy(
                        "planted keys are unhealthy",
                        healthy().with(new KnownKeys(List.of(), List.of(3), List.of(), true)),
                        "db3 holds keys",
                        "-n 3"),
                Expected.ok(
                        "more databases than are looked at are told",
                        healthy().with(new KnownKeys(List.of(), List.of(), List.of(), false)),
                        "in the databases that were looked at"),
                unknown("CONFIG without dbfilename is unknown", without("dbfilename")),
                unhealthy(
                        "dumps for cron are unhealthy, however they are named",
                        without("dbfilename").withConfig("dir", "/etc/cron.d"),
                        "/etc/cron.d",
                        "CONFIG SET dir"),
                unknown("a role that INFO does not tell is unknown", healthy().withoutInfo("role")),
                unknown(
                        "a module without a path is unknown without a version",
                        module("").withoutInfo("redis_version")),
                unknown("modules that may not be listed are unknown", healthy().withModules(Given.unknown())),
                unknown("keys that may not be asked for are unknown", healthy().withKeys(Given.unknown())),
                unknown("a master is unknown without redis.conf", replica().withConfFile(Given.unknown())),
                unknown(
                        "a module is unknown without redis.conf",
                        module("/tmp/exp.so").withConfFile(Given.unknown())),
                degraded(
                        "a place that redis.conf names was decided",
                        dir("/srv/htdocs", "dump.rdb")
                                .withConfFile("dir", "/srv/htdocs")
                                .withConfFile("dbfilename", "dump.rdb"),
                        "redis.conf says so",
                        "sudoedit"),
                unhealthy(
                        "what cannot be set back is restarted",
                        dir("/etc/cron.d", "x").withConfig("enable-protected-configs", "no"),
                        "/etc/cron.d",
                        "systemctl restart"),
                unknown("CONFIG without dir is unknown", healthy().withConfig(Given.unknown())));
    }

    private static Given dir(String dir, String file) {
        return healthy()
                .withConfig("enable-protected-configs", "yes")
                .withConfig("dir", dir)
                .withConfig("dbfilename", file);
    }

    private static Given replica() {
        return healthy()
                .withInfo("role", "slave")
                .withInfo("master_host", "203.0.113.7")
                .withInfo("master_port", "6379");
    }

    private static Given without(String parameter) {
        return healthy().withConfig(healthy().config().map(config -> {
            Map<String, String> less = new TreeMap<>(config);
            less.remove(parameter);
            return less;
        }));
    }

    private static Given module(String path) {
        return healthy().withModules(Reading.known(List.of(new Module("system", path))));
    }
}
