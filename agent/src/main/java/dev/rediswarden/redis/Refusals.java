package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import redis.clients.jedis.exceptions.JedisDataException;

/** Error replies to a question, as readings that say what to do about them. */
final class Refusals {

    private Refusals() {}

    /** The text of an error reply, or that it was another one than expected. */
    static String message(Object reply) {
        return reply instanceof JedisDataException e ? String.valueOf(e.getMessage()) : "an unexpected reply";
    }

    /** @param rule the ACL rule that allows the command (https://redis.io/docs/management/security/acl/) */
    static <T> Reading<T> unknown(String command, String rule, String message) {
        return switch (message.split(" ", 2)[0]) {
            case "NOPERM" -> Reading.unknown(Cause.DENIED, command + ": " + message + ": grant " + rule);
            case "NOAUTH", "WRONGPASS", "DENIED" -> Reading.unknown(Cause.DENIED, command + ": " + message);
            default ->
                message.contains("unknown command") || message.contains("unknown subcommand")
                        ? Reading.unknown(
                                Cause.UNSUPPORTED, command + " is disabled, renamed or not known to this version")
                        : Reading.unknown(Cause.FAILED, command + ": " + message);
        };
    }
}
