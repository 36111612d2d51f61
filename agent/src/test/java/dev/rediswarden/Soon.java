package dev.rediswarden;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaits what should happen at once, and looks often. */
public final class Soon {

    private Soon() {}

    public static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1));
    }
}
