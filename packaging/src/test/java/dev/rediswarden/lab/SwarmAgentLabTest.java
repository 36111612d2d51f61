package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The agent as a service of a real Swarm of two nodes, by the image and the stack that are shipped: what it says of a
 * Redis that runs on the worker, and that each remedy, run as it is printed, mends.
 */
@ExtendWith(RootRequired.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
class SwarmAgentLabTest {

    private static final String REDIS = "wheel_analyzer_redis";

    /** A look each ten seconds, two of them to be sure, and a Swarm that is busy with itself. */
    private static final Duration TOLD = Duration.ofMinutes(3);

    /** A Debian of what the node's own is made of, in place of the one that no registry is there to give. */
    private static final String BASE = """
        packages=$(dpkg-query -W -f '${Package} ${Essential}\\n' | awk '$2 == "yes" { print $1 }')
        all=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
            --no-enhances $packages haproxy libstdc++6 zlib1g | grep '^[a-z0-9]' | sort -u)
        {
            for package in $all; do dpkg -L "$package" 2>/dev/null || true; done |
                sed 's,^/\\(bin\\|sbin\\|lib\\|lib64\\)/,/usr/\\1/,' |
                while read -r file; do if [[ -L $file || -f $file ]]; then echo "$file"; fi; done
            printf '%s\\n' /etc/passwd /etc/group /bin /sbin /lib /lib64 /tmp
        } | sort -u | tar -c --no-recursion -T - 2>/dev/null | docker import - debian:bookworm-slim >/dev/null
        """;

    private static final String SERVICE = """
        docker service create --quiet --detach --name wheel_analyzer_redis --network app_main --endpoint-mode dnsrr \
            --no-resolve-image --secret source=wheel_analyzer_redis_password_v1,target=redis_password \
            --mount type=volume,source=redis_data,target=/data --constraint node.hostname==node2 \
            --limit-memory 768M --reserve-memory 64M --restart-delay 1s --health-interval 3s --health-retries 2 \
            --health-cmd 'REDISCLI_AUTH=$(cat /run/secrets/redis_password) redis-cli PING | grep -q PONG' \
            redis:7.4-alpine sh -c 'exec redis-server --bind 0.0.0.0 --dir /data --appendonly yes --maxmemory 512mb \
            --maxmemory-policy noeviction --requirepass $(cat /run/secrets/redis_password)'
        """;

    /** Engines that no machine runs any more, by what they answer. */
    private static final String ENGINE = """
        import socket, sys, time
        server = socket.socket(socket.AF_UNIX)
        server.bind("/run/" + sys.argv[1] + ".sock")
        server.listen()
        while True:
            client = server.accept()[0]
            asked = client.recv(4096)
            if sys.argv[1] == "slow":
                time.sleep(60)
            elif b"/version" in asked:
                version = "1.24" if sys.argv[1] == "old" else "1.41"
                client.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n{"ApiVersion":"%s"}' % version.encode())
            else:
                client.sendall(b'HTTP/1.1 503 X\\r\\n\\r\\n{"message":"This node is not a swarm manager."}')
            client.close()
        """;

    private static Swarm swarm;

    @BeforeAll
    static void deploy() {
        swarm = Swarm.up(2);
        swarm.put(Lab.scripts().resolveSibling("packaging/swarm"), "/root");
        swarm.put(InstalledLabs.deb(), "/root/swarm");
        swarm.shell(BASE).ok();
        swarm.shell("cd /root/swarm && mv redis-warden_*.deb redis-warden.deb && docker build --quiet --tag"
                        + " redis-warden . && docker network create --driver overlay app_main")
                .ok();
        swarm.shell("printf s3cret | docker secret create wheel_analyzer_redis_password_v1 - &&"
                        // htpasswd -nB prometheus, with the password scrape
                        + " echo 'prometheus:$2y$05$abcdefghijklmnopqrstuuoMt/3RSWy9nt1XJ.fOvAVtRBAZkrjKK' |"
                        + " docker secret create redis_warden_users -")
                .ok();
        swarm.shell(SERVICE).ok();
        swarm.shell("cd /root/swarm && DOCKER_PROXY_IMAGE=debian:bookworm-slim docker stack deploy --resolve-image"
                        + " never --compose-file agent-stack.yml redis_warden")
                .ok();
        swarm.shell("echo 'exec 3<>/dev/tcp/127.0.0.1/9180; printf \"GET $1 HTTP/1.0\\r"
                        + "\\n"
                        + "Host: localhost\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "\" >&3; cat <&3' >/root/get && echo 'docker exec $(docker ps -q -f"
                        + " label=com.docker.swarm.service.name=redis_warden_agent) bash -c \"$(cat /root/get)\""
                        + " get $1' >/usr/local/bin/ask && chmod +x /usr/local/bin/ask")
                .ok();
        well();
        redis(2, "SET canary alive");
    }

    @AfterAll
    static void end() {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    @Order(1)
    void aHealthyRedisIsToldSoAndWhatCannotBeSeenIsOff() {
        assertThat(detail("service")).contains("1 of 1 runs on node2");
        assertThat(detail("exposure")).isEqualTo("no port is published; in app_main: redis_warden_agent");
        assertThat(detail("volume")).contains("is on node2, to which its task is bound");
        assertThat(detail("limits")).contains("limited to 768.0 MiB");
        for (var check : List.of("unit", "identity", "ordering", "binding", "files", "kernel", "drift")) {
            assertThat(ask("/health/" + check)).as(check).contains("\"status\": \"off\"");
        }
        assertThat(swarm.shell("docker inspect --format '{{.State.Health.Status}}' $(docker ps -q -f"
                                + " label=com.docker.swarm.service.name=redis_warden_agent)")
                        .ok())
                .isEqualTo("healthy");
    }

    /** From the network that is meant for it, with a password, and by nobody without. */
    @Test
    @Order(2)
    void prometheusScrapesItByItsNameAndOthersAreTurnedAway() {
        var scrape = "docker run --rm --network redis_warden_scrape redis:7.4-alpine sh -c \"printf 'GET /metrics"
                + " HTTP/1.0\\r\\nHost: redis-warden\\r\\n%s\\r\\n' | nc redis-warden 9181\"";

        assertThat(swarm.shell(scrape.formatted("")).ok()).startsWith("HTTP/1.1 401");
        assertThat(swarm.shell(scrape.formatted("Authorization: Basic cHJvbWV0aGV1czpzY3JhcGU=\\r\\n"))
                        .ok())
                .startsWith("HTTP/1.1 200")
                .contains("redis_up 1", "redis_warden_service_running{name=\"" + REDIS + "\",redis=\"main\"} 1");
    }

    /** What stands before Docker's socket lets nothing through that changes anything, or that is not needed. */
    @Test
    @Order(3)
    void theProxyLetsQuestionsThroughAlone() {
        for (var question : List.of(
                "DELETE /services/" + REDIS,
                "POST /services/create",
                "GET /services/" + REDIS + "/logs",
                "GET /secrets",
                "GET /containers/json",
                "GET /v1.41/../secrets")) {
            assertThat(swarm.shell("docker exec $(docker ps -q -f"
                                    + " label=com.docker.swarm.service.name=redis_warden_agent) bash -c 'exec"
                                    + " 3<>/dev/tcp/docker_proxy/2375; printf \"" + question
                                    + " HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'")
                            .ok())
                    .as(question)
                    .matches("(?s)HTTP/1.\\d (403|400).*");
        }
    }

    @ParameterizedTest
    @Order(4)
    @CsvSource(
            delimiter = '|',
            value = {
                "service | docker service scale --detach SERVICE=0 | 0 replicas are wanted",
                "service | docker service update --detach --constraint-add node.labels.disk==nvme SERVICE"
                        + " | its task is given to no node",
                "service | docker service update --detach --reserve-memory 900G SERVICE | insufficient resources",
                "service | docker service update --detach --health-cmd false SERVICE | tasks have failed lately",
                "exposure | docker service update --detach --publish-add"
                        + " published=16379,target=6379,mode=host SERVICE | port 6379 is published as 16379",
                "limits | docker service update --detach --limit-memory 300M SERVICE | its memory limit is 300.0 MiB",
                "volume | docker service update --detach --constraint-rm node.hostname==node2 SERVICE"
                        + " | 2 nodes may be given its task",
            })
    void eachFaultIsFoundAndItsRemedyMendsItAsItIsPrinted(String check, String fault, String evidence) {
        swarm.shell(fault.replace("SERVICE", REDIS)).ok();
        awaitDetail(check, evidence);

        mendAsPrinted(check);

        well();
        assertThat(redis(2, "GET canary")).isEqualTo("alive");
    }

    @Test
    @Order(5)
    void scaledToNothingIs503() {
        swarm.shell("docker service scale --detach " + REDIS + "=0").ok();

        swarm.await("503", TOLD, "ask /health | head -n 1 | grep ' 503 '");

        mendAsPrinted("service");
        well();
    }

    /** The task is on node1 here: what the kernel did is known to the engine that is asked, and to no other. */
    @Test
    @Order(6)
    void aKillAtTheLimitIsToldFromOtherKills() {
        swarm.shell("docker service update --constraint-rm node.hostname==node2 --constraint-add node.hostname==node1"
                        + " --limit-memory 24M --reserve-memory 6M " + REDIS)
                .ok();
        redis(1, "EVAL \"for i=1,3000000 do redis.call('set','k'..i,string.rep('x',100)) end\" 0");

        awaitDetail("service", "killed by the kernel at its memory limit of 24.0 MiB");
        mendAsPrinted("service");

        awaitDetail("service", "1 of 1 runs on node1");
        swarm.shell("docker service update --constraint-rm node.hostname==node1 --constraint-add node.hostname==node2"
                        + " --limit-memory 768M " + REDIS)
                .ok();
        well();
    }

    @Test
    @Order(7)
    void aTaskThatWasDrainedAwayFromItsVolumeIsUnhealthyAndComesBackToIt() {
        swarm.shell("docker service update --constraint-rm node.hostname==node2 " + REDIS
                        + " && docker node update --availability drain node2")
                .ok();
        awaitDetail("volume", "its task runs on node1");
        assertThat(detail("volume")).contains("ran on node2 before", "not lost and not served");
        assertThat(redis(1, "GET canary")).isEmpty();

        mendAsPrinted("volume");

        well();
        assertThat(redis(2, "GET canary")).isEqualTo("alive");
    }

    @Test
    @Order(8)
    void whenTheWorkerDiesItIsToldWhatIsLostAndWhatIsNot() {
        swarm.kill(2);

        swarm.await("503", TOLD, "ask /health | head -n 1 | grep ' 503 '");
        awaitDetail("service", "node2 is down");
        awaitDetail("volume", "volume redis_data with the data is on node2, which is down");
        assertThat(detail("volume"))
                .contains("what has reached its disk is not lost", "of the last second, what was not yet synced is");

        swarm.start(2);
        well();
        assertThat(redis(2, "GET canary")).isEqualTo("alive");
    }

    /** As on a host, where the package is installed; each silence has its reason, and PING is as it was. */
    @ParameterizedTest
    @Order(9)
    @CsvSource(
            delimiter = '|',
            value = {
                "root | docker | 1 of 1 runs on node2",
                "nobody | docker | this user may not connect to /run/docker.sock",
                "root | none | there is no /run/none.sock",
                "root | slow | /run/slow.sock has not answered within 500 ms",
                "root | old | 1.25 (Docker 1.13) is the oldest",
                "root | worker | This node is not a swarm manager",
            })
    void onAHostASilentEngineIsUnknownAndPingIsAsItWas(String user, String engine, String told) {
        swarm.shell("test -e /usr/bin/redis-warden || dpkg-deb -x /root/swarm/redis-warden.deb /;"
                        + " ln -sf /usr/bin/redis-check-rdb /usr/local/bin/redis-server;"
                        + " redis-cli PING >/dev/null 2>&1 || redis-server --daemonize yes --save '' >/dev/null;"
                        + " printf '[docker]\\nsocket = \"/run/%s.sock\"\\ntimeout = \"500ms\"\\n[[redis]]\\nservice ="
                        + " \"%s\"\\nurl = \"redis://127.0.0.1:6379\"\\n' " + engine + " " + REDIS + " >/run/host.toml")
                .ok();
        if (List.of("slow", "old", "worker").contains(engine)) {
            swarm.exec(1, ENGINE, "sh", "-c", "cat >/run/engine.py").ok();
            swarm.shell("setsid python3 /run/engine.py " + engine + " </dev/null >/dev/null 2>&1 &")
                    .ok();
            swarm.await("the engine", TOLD, "test -S /run/" + engine + ".sock");
        }

        var found = swarm.exec(
                1,
                "",
                "setpriv",
                "--reuid",
                user,
                "--clear-groups",
                "redis-warden",
                "check",
                "--config",
                "/run/host.toml");

        assertThat(found.out()).contains(told).containsPattern("ping +ok");
        if (!told.startsWith("1 of")) {
            assertThat(found.out()).containsPattern("service +unknown");
        }
    }

    private static void well() {
        for (var check : List.of("ping", "service", "exposure", "limits", "volume")) {
            swarm.await(check, TOLD, "ask /health/" + check + " | grep -q '\"status\": \"ok\"'");
        }
        swarm.await("200", TOLD, "ask /health | head -n 1 | grep ' 200 '");
    }

    private static String ask(String path) {
        return swarm.shell("ask " + path).ok();
    }

    private static String detail(String check) {
        return ask("/health/" + check).replaceAll("(?s).*\"detail\": \"((?:[^\"\\\\]|\\\\.)*)\".*", "$1");
    }

    private static void awaitDetail(String check, String evidence) {
        swarm.await(check + ": " + evidence, TOLD, "ask /health/" + check + " | grep -F '" + evidence + "'");
    }

    private static void mendAsPrinted(String check) {
        var answer = ask("/health/" + check);
        swarm.shell(Agent.remedy(answer.substring(answer.indexOf('{')))).ok();
    }

    private static String redis(int node, String command) {
        return swarm.shell(
                        node,
                        "docker exec $(docker ps -q -f label=com.docker.swarm.service.name=" + REDIS
                                + " -f status=running | head -n 1) env REDISCLI_AUTH=s3cret redis-cli " + command
                                + " || true")
                .ok();
    }
}
