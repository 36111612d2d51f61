package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** NOTIFY_SOCKET and the watchdog's variables of any text: the manager is told or not, and the agent starts. */
class NotifyAddressFuzzTest {

    private static final long SEED = 20_260_108;
    private static final List<String> ODD = List.of(
            "",
            "@",
            "/",
            "@\u0000",
            "/\u0000x",
            "@" + "x".repeat(107),
            "@" + "x".repeat(108),
            "/" + "x".repeat(5_000),
            "vsock:2:1");

    @Test
    void noAddressKeepsTheAgentFromItsStart() {
        Random random = new Random(SEED);
        for (int round = 0; round < 60; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "@" : "/");
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append((char) random.nextInt(0x2000));
            }
            tell(round < ODD.size() ? ODD.get(round) : text.toString(), text.toString(), round);
        }
    }

    private static void tell(String socket, String number, int round) {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", number, "WATCHDOG_PID", round % 2 == 0 ? "" : number);
        assertThatCode(() -> {
                    try (SdNotify systemd = new SdNotify(environment, 1, System::nanoTime)) {
                        systemd.ready();
                        systemd.watchdogTimeout();
                    }
                })
                .as("seed %s, round %s", SEED, round)
                .doesNotThrowAnyException();
    }
}
