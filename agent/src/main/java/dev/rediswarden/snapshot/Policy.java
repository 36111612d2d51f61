package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an administrator wishes of a server. A check judges the wishes that were stated, and otherwise only what is
 * dangerous for the role; {@code apply} makes all of it so.
 *
 * @param bind addresses as {@code bind} of redis.conf has them, an optional one with a minus before it
 * @param passwordRequired whether nobody may be let in without a password
 * @param maxmemoryPolicy Redis's own word: {@code volatile-lru}, {@code noeviction}, …
 * @param rdb whether snapshots are to be taken by themselves
 * @param aof whether each write is to be logged
 * @param appendfsync when the log reaches the disk: {@code everysec}, {@code always} or {@code no}
 * @param save save points as CONFIG GET has them: {@code 3600 1 300 100 60 10000}
 * @param queues names of Celery's queues
 * @param visibilityTimeout after which kombu delivers a task anew that was not acknowledged
 * @param modules names of modules that may be loaded
 * @param stated keys of the configuration that were written there, or by a preset that was
 * @param limits where its checks begin to mind
 * @param enforce whether it is put right by itself
 */
public record Policy(
        Role role,
        List<String> bind,
        boolean passwordRequired,
        MemoryBound maxmemory,
        String maxmemoryPolicy,
        boolean rdb,
        boolean aof,
        String appendfsync,
        String save,
        List<String> queues,
        Duration visibilityTimeout,
        Set<String> modules,
        Set<String> stated,
        Limits limits,
        boolean enforce) {

    /** What a server is there for; what holds tasks must not forget them. */
    public enum Role {
        CACHE,
        BROKER,
        CACHE_AND_BROKER;

        /** Whether a queue's keys are here, of which none may be evicted or lost. */
        public boolean isBroker() {
            return this != CACHE;
        }

        /** As the configuration writes it: {@code cache+broker}. */
        public String text() {
            return switch (this) {
                case CACHE -> "cache";
                case BROKER -> "broker";
                case CACHE_AND_BROKER -> "cache+broker";
            };
        }
    }

    /** One server for all, on a host that has other work to do: what a configuration that says nothing means. */
    public static final Policy VPS = new Policy(
            Role.CACHE_AND_BROKER,
            List.of("127.0.0.1", "-::1"),
            false,
            // A fork may double it, and the site and its database live here too.
            MemoryBound.percent(25),
            "volatile-lru",
            true,
            // A queued task is to outlive a power cut.
            true,
            "everysec",
            "3600 1 300 100 60 10000",
            List.of("celery"),
            Duration.ofHours(1),
            Set.of(),
            Set.of(),
            Limits.STANDARD,
            false);

    public Policy {
        bind = List.copyOf(bind);
        queues = List.copyOf(queues);
        modules = Set.copyOf(modules);
        stated = Set.copyOf(stated);
    }

    public boolean isStated(String key) {
        return stated.contains(key);
    }
}
