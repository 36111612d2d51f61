package dev.rediswarden.check;

import static dev.rediswarden.snapshot.GivenSwarm.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmNetwork;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Port;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExposureCheckTest {

    private static final Reading<Boolean> ASKED = Reading.known(true);
    private static final Reading<Boolean> OPEN = Reading.known(false);

    @Test
    void whoElseIsInItsNetworksIsNamed() {
        Verdict verdict = verdict(GivenSwarm.healthy(), ASKED);

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.detail()).isEqualTo("no port is published; in app_main: web, worker");
    }

    @Test
    void aPortThatIsPublishedIsTakenBack() {
        SwarmService published =
                with("ports", List.of(new Port(16379, 6379, "tcp", false), new Port(7, 6380, "tcp", true)));

        assertThat(verdict(published, ASKED).status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict(published, OPEN).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict(published, Given.unknown()).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict(published, ASKED).detail())
                .contains("port 6379 is published as 16379 by every node (ingress)")
                .contains("port 6380 is published as 7 by the node that runs it");
        assertThat(verdict(published, ASKED).remedy())
                .contains("docker service update --publish-rm 6379 --publish-rm 6380 app_redis");
    }

    @Test
    void withoutAPasswordItsNeighboursHaveAllData() {
        assertThat(verdict(GivenSwarm.healthy(), OPEN).status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict(in("app_main", "overlay", false), OPEN).status()).isEqualTo(Status.OK);
        assertThat(verdict(in("app_main", "overlay", true), OPEN).status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void theNetworkOfItsNodeIsNoneOfItsOwn() {
        assertThat(verdict(in("host", "host", false), ASKED).status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict(in("host", "host", false), OPEN).status()).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void withoutItsNetworksAPortIsStillTold() {
        assertThat(verdict(with("networks", Given.unknown()), ASKED).status()).isEqualTo(Status.UNKNOWN);
        assertThat(verdict(
                                with("networks", Given.unknown(), "ports", List.of(new Port(6379, 6379, "tcp", true))),
                                ASKED)
                        .status())
                .isEqualTo(Status.DEGRADED);
    }

    private static SwarmService in(String network, String driver, boolean attachable) {
        return with("networks", Reading.known(List.of(new SwarmNetwork(network, driver, attachable, List.of()))));
    }

    private static Verdict verdict(SwarmService service, Reading<Boolean> password) {
        Snapshot snapshot =
                GivenSwarm.given(service).withPasswordAsked(password).snapshot("main");
        return new ExposureCheck().examine(snapshot.instances().get(0), snapshot);
    }
}
