package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.redis.PingProbe;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.systemd.Bus;
import dev.rediswarden.systemd.ServerUnit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which unit of this host runs a server, and whether it was stopped. */
final class ServerUnits implements AutoCloseable {

    private static final Duration BUS_TIMEOUT = Duration.ofSeconds(2);

    private final Config config;
    private final Bus bus = Bus.system(System.getenv(), BUS_TIMEOUT, System::nanoTime);
    private final Map<String, String> addresses = new HashMap<>();

    ServerUnits(Config config) {
        this.config = config;
    }

    /** @param address {@code 127.0.0.1:6379} or {@code unix:PATH}; empty where no unit of the configuration serves there */
    Optional<ServerUnit> of(String address) {
        String wanted = address.replaceFirst("^localhost:", "127.0.0.1:");
        return config.redis().stream()
                .filter(redis -> !redis.units().isEmpty() && address(redis).equals(wanted))
                .findFirst()
                .flatMap(this::of);
    }

    Optional<ServerUnit> of(RedisInstance redis) {
        return redis.units().isEmpty() ? Optional.empty() : ServerUnit.of(bus, redis.units());
    }

    /** Its redis.conf may change at any time, but not while somebody waits. */
    private String address(RedisInstance redis) {
        return addresses.computeIfAbsent(redis.name(), name -> {
            try (PingProbe probe = new PingProbe(name, Assembly.target(redis), System::nanoTime)) {
                return probe.read().optional().map(Ping::address).orElse("");
            }
        });
    }

    @Override
    public void close() {
        bus.close();
    }
}
