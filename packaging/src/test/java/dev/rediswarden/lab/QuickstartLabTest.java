package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The README's first command on a machine where systemd runs; the lab itself is that machine. */
@InEverySuite
@OneSuite
class QuickstartLabTest {

    private final Lab lab;

    QuickstartLabTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void installsWithAptAndShowsAHealthyAnswerEachTime() {
        var deb = InstalledLabs.deb();
        lab.put(Lab.scripts(), "/opt");
        lab.put(deb, "/opt");
        for (var run = 1; run <= 2; run++) {
            var shown = lab.exec("/opt/scripts/quickstart", "/opt/" + deb.getFileName());
            assertThat(shown.ok()).contains("HTTP/1.1 200 OK", "\"ping\": {\n      \"status\": \"ok\"");
        }
    }

    @Test
    void failsWithTheUnitsStateAndTheJournalWhereRedisIsMasked() {
        lab.exec("systemctl", "mask", "--now", "redis-server").ok();
        var deb = InstalledLabs.deb();
        lab.put(Lab.scripts(), "/opt");
        lab.put(deb, "/opt");
        try {
            var shown = lab.exec("/opt/scripts/quickstart", "/opt/" + deb.getFileName());
            assertThat(shown.exit()).isEqualTo(1);
            assertThat(shown.out()).contains("HTTP/1.1 503");
            assertThat(shown.err()).contains("redis-server.service", "masked");
        } finally {
            lab.shell("systemctl unmask redis-server; systemctl start redis-server")
                    .ok();
        }
    }
}
