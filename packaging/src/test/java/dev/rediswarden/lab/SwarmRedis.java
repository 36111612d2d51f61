package dev.rediswarden.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Redis on a throwaway Swarm by the playbooks of {@code packaging/swarm} and the example inventory, and a client beside it. */
final class SwarmRedis implements AutoCloseable {

    static final String PASSWORD = "example-password-of-nobody";
    static final String NAME = "wheel_analyzer_redis";
    private static final Path PLAYBOOKS = Path.of("swarm").toAbsolutePath();

    private final Swarm swarm;
    private String password = PASSWORD;

    private SwarmRedis(Swarm swarm) {
        this.swarm = swarm;
    }

    /** A manager and a worker, with the playbooks on the manager and nothing played. */
    static SwarmRedis undeployed() {
        var redis = new SwarmRedis(Swarm.up(2));
        redis.swarm.put(PLAYBOOKS, "/srv");
        redis.swarm.shell("printf example >/root/vault-pass").ok();
        return redis;
    }

    static SwarmRedis deployed() {
        var redis = undeployed();
        // More deaths than one would wish a service within five minutes.
        redis.play("deploy_redis.yml", "-e", "redis_service_restart_attempts=50")
                .ok();
        redis.admitClient();
        return redis;
    }

    Swarm swarm() {
        return swarm;
    }

    Result play(String playbook, String... arguments) {
        var words = new ArrayList<>(List.of(
                "env",
                "--chdir=/srv/swarm",
                "ansible-playbook",
                "--vault-password-file",
                "/root/vault-pass",
                "--diff",
                playbook));
        words.addAll(List.of(arguments));
        return swarm.exec(1, "", words.toArray(String[]::new));
    }

    /** A container on the network of Redis, on the node that Redis is not on. */
    void admitClient() {
        swarm.shell("docker run --detach --name client --network app_main redis:7.4-alpine sleep 86400 >/dev/null")
                .ok();
    }

    /** Asks as an application does: by the name of the service, with the password. */
    String ask(String command) {
        return askWith(password, command);
    }

    String askWith(String password, String command) {
        return swarm.exec(
                        1,
                        password + "\n" + command,
                        "docker",
                        "exec",
                        "--interactive",
                        "client",
                        "sh",
                        "-c",
                        "IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec redis-cli --no-auth-warning -h " + NAME
                                + " 2>&1")
                .ok();
    }

    /** Goes on with that password. */
    void password(String next) {
        password = next;
    }

    void awaitAnswer() {
        swarm.await(
                "an answer of Redis",
                Duration.ofMinutes(3),
                "echo '" + password + "' | docker exec -i client sh -c 'IFS= read -r REDISCLI_AUTH;"
                        + " export REDISCLI_AUTH; redis-cli --no-auth-warning -h " + NAME + " PING | grep -x PONG'");
    }

    /** The container of Redis, for a shell of its node. */
    static String container() {
        return "$(docker ps --quiet --filter label=com.docker.swarm.service.name=" + NAME + ")";
    }

    @Override
    public void close() {
        swarm.close();
    }
}
