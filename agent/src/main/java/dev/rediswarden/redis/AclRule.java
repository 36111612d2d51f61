package dev.rediswarden.redis;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The least that a user must be allowed for every check to work
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/): what the probes ask, and the names of the
 * keys that they ask for; no key is read but the head of {@code unacked_index}, and none is written.
 */
public final class AclRule {

    static final List<String> COMMANDS = List.of(
            "ping",
            "info",
            "config|get",
            "acl|getuser",
            "slowlog|get",
            "slowlog|len",
            "module|list",
            "client|setname",
            "client|list",
            "client|no-evict",
            "select",
            "exists",
            "llen",
            "zrange");

    private AclRule() {}

    /**
     * A line for an ACL file or redis.conf, and what follows ACL SETUSER after {@code user}.
     *
     * @param queues names of Celery's queues
     */
    public static String of(String user, List<String> queues) {
        return line(user, COMMANDS, queues);
    }

    static String line(String user, List<String> commands, List<String> queues) {
        Stream<String> allowed = commands.stream().map(command -> "+" + command);
        // The steps of priority have control characters in their names, which a file of rules cannot hold.
        Stream<String> keys = Stream.concat(KeysQuestion.brokerKeys(queues).stream(), KeysQuestion.PLANTED.stream())
                .map(key -> key.replace('\u0006', '?').replace('\u0016', '?'))
                .map(key -> "~" + key);
        return Stream.of(Stream.of("user", user, "on", "-@all"), allowed, keys)
                .flatMap(words -> words)
                .collect(Collectors.joining(" "));
    }
}
