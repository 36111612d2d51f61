package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Redis's log of slow commands (https://redis.io/commands/slowlog-get/), without the commands.
 *
 * @param written how many there were since the server's start; 0 where the log is empty
 * @param length how many the log holds now; empty where the server does not tell
 * @param last how long the last of them took
 */
public record SlowLog(long written, OptionalLong length, Duration last) {

    public static final SlowLog EMPTY = new SlowLog(0, OptionalLong.of(0), Duration.ZERO);
}
