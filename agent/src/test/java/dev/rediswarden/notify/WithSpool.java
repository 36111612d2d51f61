package dev.rediswarden.notify;

import com.google.gson.JsonElement;
import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver.Address;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A spool and a clock of the test's own; each run is as one start of the deliverer by systemd. */
abstract class WithSpool {

    static final Duration WAITS = Duration.ofSeconds(5);
    static final Pace AT_ONCE = new Pace(Duration.ZERO, Duration.ZERO, 1000, WAITS);
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @TempDir
    Path secrets;

    Spool spool;
    Instant now = START;

    @BeforeEach
    void emptySpool() throws IOException {
        spool = new Spool(directory);
        spool.make();
    }

    static Receiver webhook(String name, URI url, Pace pace) {
        return new Receiver(name, Kind.WEBHOOK, address(url), Status.DEGRADED, List.of(), pace);
    }

    static Address address(URI url) {
        return new Address(
                Optional.of(url), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of());
    }

    void spool(Status ping) throws IOException {
        spool.add(new Bulletin(
                0, now, "web1", List.of(new Standing("ping", ping, now, "as the test says", "redis-cli ping"))));
    }

    void run(Receiver... receivers) throws Exception {
        new Deliverer(
                        spool,
                        List.of(receivers),
                        () -> now,
                        System::nanoTime,
                        () -> UUID.randomUUID().toString(),
                        () -> 0.5,
                        Duration.ZERO)
                .run();
    }

    /** What the receiver has said that it has, one message after the other. */
    static List<String> changes(Post post) {
        List<String> all = new ArrayList<>();
        for (Post.Got got : post.accepted()) {
            for (JsonElement change : got.json().getAsJsonArray("changes")) {
                all.add(change.getAsJsonObject().get("check").getAsString() + " "
                        + change.getAsJsonObject().get("from").getAsString() + ">"
                        + change.getAsJsonObject().get("to").getAsString());
            }
        }
        return all;
    }
}
