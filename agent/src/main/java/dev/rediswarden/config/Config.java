package dev.rediswarden.config;

import dev.rediswarden.notify.Receiver;
import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Site;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the agent is told to do.
 *
 * @param listen where HTTP is served
 * @param allowedHosts which a request may name as its Host, besides those of loopback
 * @param listeners where HTTP is served to other hosts as well
 * @param fast from one PING to the next
 * @param slow from one INFO to the next
 * @param docker where services are asked about; counts where a server has one
 * @param order which units of the site need Redis, and how; the first that names a unit counts
 * @param sites which are asked for their health as well
 * @param receivers who is told of changes
 * @param settings every value above as it took effect, with its origin; secrets masked
 */
public record Config(
        InetSocketAddress listen,
        List<String> allowedHosts,
        List<HttpListener> listeners,
        Duration fast,
        Duration slow,
        List<RedisInstance> redis,
        Engine docker,
        List<OrderRule> order,
        List<Site> sites,
        List<Receiver> receivers,
        List<Setting> settings) {

    public Config {
        allowedHosts = List.copyOf(allowedHosts);
        listeners = List.copyOf(listeners);
        redis = List.copyOf(redis);
        order = List.copyOf(order);
        sites = List.copyOf(sites);
        receivers = List.copyOf(receivers);
        settings = List.copyOf(settings);
    }

    /** The same with these sites instead. */
    public Config with(List<Site> others) {
        return new Config(
                listen, allowedHosts, listeners, fast, slow, redis, docker, order, others, receivers, settings);
    }

    /** By instance: the names of its unit, of which the first that systemd knows is the one; not those without a unit. */
    public Map<String, List<String>> unitsByInstance() {
        return redis.stream()
                .filter(instance -> !instance.units().isEmpty())
                .collect(Collectors.toMap(RedisInstance::name, RedisInstance::units));
    }

    /** One effective value: {@code redis.main.timeout = 1s}, from {@code default} or {@code FILE:LINE}. */
    public record Setting(String key, String value, String origin) {}
}
