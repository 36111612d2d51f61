package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.WayBack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starts before Redis, by systemd's answers over a real bus. */
class StartOrderTest {

    private static final String REDIS = "redis-server.service";

    private PrivateBus daemon;
    private FakeSystemd systemd;
    private Bus bus;

    @BeforeEach
    void connect(@TempDir Path directory) throws Exception {
        daemon = new PrivateBus(directory, "");
        systemd = new FakeSystemd(daemon.address());
        bus = new Bus(daemon.address(), Duration.ofSeconds(10), System::nanoTime);
    }

    @AfterEach
    void disconnect() throws IOException {
        bus.close();
        systemd.close();
        daemon.close();
    }

    @Test
    void theShortestWayIsFoundAmongCyclesAndUnitsThatAreGone() throws Exception {
        systemd.unit(REDIS).after("network.target", "shop.target", "gone.service");
        systemd.unit("network.target").after(REDIS, "basic.target");
        systemd.unit("basic.target").after("celery.service");
        systemd.unit("shop.target").after("celery.service", "network.target");
        systemd.unit("celery.service").after();

        assertThat(order().waysBack(REDIS, Set.of("celery.service", "other.service"), UnaryOperator.identity()))
                .isEqualTo(Map.of("celery.service", new WayBack(List.of(REDIS, "shop.target", "celery.service"))));
    }

    @Test
    void anInstanceIsFoundForItsTemplate() throws Exception {
        systemd.unit(REDIS).after("celery@a.service");

        assertThat(order().waysBack(REDIS, Set.of("celery@.service"), name -> name.replace("@a", "@")))
                .containsEntry("celery@.service", new WayBack(List.of(REDIS, "celery@a.service")));
    }

    @Test
    void whereNothingIsSoughtNothingIsAsked() throws Exception {
        assertThat(order().waysBack(REDIS, Set.of(), UnaryOperator.identity())).isEmpty();
    }

    private StartOrder order() throws BusException {
        return new StartOrder(bus.link());
    }
}
