package dev.rediswarden.check;

import dev.rediswarden.snapshot.Policy;
import java.util.Set;

/** Wishes for one test. */
final class Wished {

    private Wished() {}

    static Policy of(Policy.Role role, boolean rdb, boolean aof, String save, String... stated) {
        return with(role, "volatile-lru", false, rdb, aof, save, stated);
    }

    static Policy role(Policy.Role role, String policy, String... stated) {
        return with(role, policy, false, true, false, Policy.VPS.save(), stated);
    }

    static Policy password() {
        return with(Policy.VPS.role(), "volatile-lru", true, true, false, Policy.VPS.save(), "password");
    }

    private static Policy with(
            Policy.Role role,
            String policy,
            boolean password,
            boolean rdb,
            boolean aof,
            String save,
            String... stated) {
        Policy vps = Policy.VPS;
        return new Policy(
                role,
                vps.bind(),
                password,
                vps.maxmemory(),
                policy,
                rdb,
                aof,
                vps.appendfsync(),
                save,
                vps.queues(),
                vps.visibilityTimeout(),
                Set.of("search"),
                Set.of(stated),
                vps.limits(),
                false);
    }
}
