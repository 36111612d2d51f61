package dev.rediswarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver.Address;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is spooled reaches a real HTTP server once, whatever that server does. Each run is as one start by systemd. */
class DelivererTest {

    private static final Pace AT_ONCE = new Pace(Duration.ZERO, Duration.ZERO, 1000, Duration.ofSeconds(5));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    @TempDir
    private Path secrets;

    private Spool spool;
    private Instant now = START;

    @BeforeEach
    void emptySpool() throws IOException {
        spool = new Spool(directory);
        spool.make();
    }

    @Test
    void changesArriveInTheirOrderWithAKeyOfTheirOwn() throws Exception {
        try (Post post = new Post(0)) {
            Receiver ops = webhook("ops", post.url(), AT_ONCE);
            spool(Status.UNHEALTHY);
            run(ops);
            spool(Status.OK);
            run(ops);

            assertThat(changes(post)).containsExactly("ping ok>unhealthy", "ping unhealthy>ok");
            assertThat(post.got())
                    .extracting(Post.Got::key)
                    .doesNotHaveDuplicates()
                    .doesNotContainNull();
            assertThat(post.got().get(0).json().get("id").getAsString())
                    .isEqualTo(post.got().get(0).key());
            assertThat(post.got().get(0).path()).isEqualTo("/hook?x=1");
            assertThat(spool.waiting()).isEmpty();
            assertThat(Backlog.read(spool)).isEqualTo(Backlog.NONE);
        }
    }

    /** An hour of it, in which something changes every three minutes. */
    @Test
    void aReceiverThatIsDownForAnHourGetsEachChangeOnce() throws Exception {
        int port;
        try (Post post = new Post(0)) {
            port = post.port();
        }
        Receiver ops = webhook("ops", URI.create("http://127.0.0.1:" + port + "/"), AT_ONCE);
        List<String> expected = new ArrayList<>();
        for (int third = 0; third < 20; third++) {
            boolean down = third % 2 == 0;
            spool(down ? Status.UNHEALTHY : Status.OK);
            expected.add(down ? "ping ok>unhealthy" : "ping unhealthy>ok");
            run(ops);
            now = now.plus(Duration.ofMinutes(3));
        }
        assertThat(Backlog.read(spool).receivers().get(0).changes()).isEqualTo(20);
        assertThat(Backlog.read(spool).receivers().get(0).since()).isEqualTo(START);
        try (Post post = new Post(port)) {
            now = now.plus(Duration.ofMinutes(3));
            run(ops);
            run(ops);
            assertThat(changes(post)).isEqualTo(expected);
            assertThat(post.accepted()).extracting(Post.Got::key).doesNotHaveDuplicates();
        }
        assertThat(Backlog.read(spool).receivers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408})
    void whatMayPassIsTriedAgainByTheSameKey(int code) throws Exception {
        try (Post post = new Post(0)) {
            post.answer(code, "Retry-After=120");
            Receiver ops = webhook("ops", post.url(), AT_ONCE);
            spool(Status.UNHEALTHY);
            run(ops);
            assertThat(post.got()).hasSize(1);
            now = now.plus(Duration.ofSeconds(119));
            run(ops);
            assertThat(post.got()).as("it asked for 120 s").hasSize(1);
            post.answer(200, "");
            now = now.plus(Duration.ofSeconds(10));
            run(ops);
            run(ops);
            assertThat(post.got())
                    .hasSize(2)
                    .extracting(Post.Got::key)
                    .containsOnly(post.got().get(0).key());
            assertThat(changes(post)).containsExactly("ping ok>unhealthy");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 400, 401, 404, 410})
    void whatAPersonHasToMendIsGivenUpAndKept(int code) throws Exception {
        try (Post post = new Post(0);
                Post elsewhere = new Post(0)) {
            post.answer(code, "Location=" + elsewhere.url());
            Receiver ops = webhook("ops", post.url(), AT_ONCE);
            spool(Status.UNHEALTHY);
            run(ops);
            now = now.plus(Duration.ofHours(1));
            run(ops);
            assertThat(post.got()).hasSize(1);
            assertThat(elsewhere.got()).isEmpty();
            assertThat(spool.failed()).hasSize(1);
            assertThat(spool.failed().get(0)).content().contains("it answers " + code, "\"ops\"", "unhealthy");
            assertThat(Backlog.read(spool).failed()).isOne();
        }
    }

    @Test
    void oneThatIsSlowIsLeftInTimeAndHoldsUpNoOther() throws Exception {
        try (Post slow = new Post(0);
                Post quick = new Post(0)) {
            slow.silent(true);
            Pace impatient = new Pace(Duration.ZERO, Duration.ZERO, 1000, Duration.ofMillis(300));
            spool(Status.UNHEALTHY);
            long startedAt = System.nanoTime();
            run(webhook("slow", slow.url(), impatient), webhook("quick", quick.url(), AT_ONCE));
            assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
            assertThat(changes(quick)).hasSize(1);
            assertThat(Backlog.read(spool).receivers()).singleElement().satisfies(waiting -> {
                assertThat(waiting.receiver()).isEqualTo("slow");
                assertThat(waiting.why()).isEqualTo("no answer in time");
            });
        }
    }

    /** Every file as each write leaves it is a disk that a kill may leave: from each the delivery goes on. */
    @Test
    void killedAtAnyWriteNothingIsLostAndOnlyWhatWasOnItsWayComesTwiceByItsKey() throws Exception {
        try (Post post = new Post(0)) {
            Receiver ops = webhook("ops", post.url(), AT_ONCE);
            spool(Status.UNHEALTHY);
            Path[] before = copies("before");
            OutboxFile file = new OutboxFile(spool.outbox("ops"));
            // Taken, but the bulletin still there; packed; begun; sent, but not yet written down as such.
            Bulletin bulletin = spool.read(spool.waiting().get(0)).orElseThrow();
            Outbox taken = file.read().take(bulletin, ops);
            Outbox packed = taken.pack("the-id", now, ops);
            Outbox begun = packed.trying(
                    new Outbox.Underway(packed.underway().orElseThrow().message(), 1, now.plusSeconds(1), ""));
            for (Outbox left : List.of(taken, packed, begun)) {
                restore(before);
                file.write(left);
                int known = post.got().size();
                run(ops);
                now = now.plusSeconds(3);
                run(ops);
                assertThat(post.got()).hasSize(known + 1);
                if (left.underway().isPresent()) {
                    assertThat(post.got().get(known).key()).isEqualTo("the-id");
                }
                assertThat(changes(post).get(known)).isEqualTo("ping ok>unhealthy");
            }
        }
    }

    @Test
    void whatDidNotLastIsNotToldAndWhatGoesTogetherIsOneMessage() throws Exception {
        try (Post post = new Post(0)) {
            Pace patient = new Pace(Duration.ofSeconds(30), Duration.ZERO, 1000, Duration.ofSeconds(5));
            Receiver ops = webhook("ops", post.url(), patient);
            spool(Status.UNHEALTHY);
            now = now.plusSeconds(20);
            spool(Status.OK);
            now = now.plusSeconds(20);
            run(ops);
            assertThat(post.got()).isEmpty();
            spool(Status.DEGRADED);
            now = now.plusSeconds(20);
            spool(Status.UNHEALTHY);
            now = now.plusSeconds(11);
            run(ops);
            assertThat(changes(post)).containsExactly("ping ok>unhealthy");
        }
    }

    @Test
    void flappingEndsInOneMessageAnHour() throws Exception {
        try (Post post = new Post(0)) {
            Receiver ops = webhook("ops", post.url(), new Pace(Duration.ZERO, Duration.ZERO, 3, Duration.ofSeconds(5)));
            for (int i = 0; i < 20; i++) {
                spool(i % 2 == 0 ? Status.UNHEALTHY : Status.OK);
                run(ops);
                now = now.plusSeconds(30);
            }
            assertThat(post.got()).hasSize(3);
            now = now.plus(Duration.ofHours(1));
            run(ops);
            assertThat(post.got()).hasSize(4);
            assertThat(changes(post)).hasSize(20);
        }
    }

    @Test
    void aReceiverIsToldOfWhatItAskedFor() throws Exception {
        try (Post post = new Post(0)) {
            Receiver worst =
                    new Receiver("worst", Kind.WEBHOOK, address(post.url()), Status.UNHEALTHY, List.of(), AT_ONCE);
            Receiver memory = new Receiver(
                    "memory", Kind.WEBHOOK, address(post.url()), Status.DEGRADED, List.of("memory"), AT_ONCE);
            spool(Status.DEGRADED);
            run(worst, memory);
            assertThat(post.got()).isEmpty();
            spool(Status.UNHEALTHY);
            run(worst, memory);
            assertThat(changes(post)).containsExactly("ping ok>unhealthy");
        }
    }

    @Test
    void oneThatIsNewIsToldHowThingsStandAndOneThatIsGoneLeavesNothing() throws Exception {
        try (Post post = new Post(0)) {
            spool(Status.UNHEALTHY);
            run();
            run(webhook("late", post.url(), AT_ONCE));
            run(webhook("late", post.url(), AT_ONCE));
            assertThat(changes(post)).containsExactly("ping ok>unhealthy");
            run();
            try (Stream<Path> left = Files.list(directory.resolve("outbox"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void secretsAreReadWhenTheyAreUsedAndKeptNowhere() throws Exception {
        try (Post post = new Post(0)) {
            Path url = Files.writeString(secrets.resolve("hook"), post.url() + "&s3cret\n");
            Path token = Files.writeString(secrets.resolve("token"), "t0ken\n");
            Address address = new Address(
                    Optional.empty(), Optional.of(url), Optional.of(token), List.of(), Optional.empty(), List.of());
            post.answer(404, "");
            spool(Status.UNHEALTHY);
            run(new Receiver("ops", Kind.WEBHOOK, address, Status.DEGRADED, List.of(), AT_ONCE));
            assertThat(post.got().get(0).authorization()).isEqualTo("Bearer t0ken");
            assertThat(post.got().get(0).path()).endsWith("s3cret");
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.filter(Files::isRegularFile))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(file).content().doesNotContain("s3cret", "t0ken", "127.0.0.1"));
            }
        }
    }

    @Test
    void aCommandGetsTheMessageOnItsInputAndIsKilledWhenItHangs() throws Exception {
        Path out = Files.createTempFile(directory, "out", "");
        Receiver page = command(AT_ONCE, "/bin/sh", "-c", "cat >'" + out + "'; exit 75");
        spool(Status.UNHEALTHY);
        run(page);
        assertThat(out).content().contains("\"version\":1", "\"to\":\"unhealthy\"");
        assertThat(Backlog.read(spool).receivers().get(0).why()).isEqualTo("it exited with 75");

        now = now.plusSeconds(5);
        Pace impatient = new Pace(Duration.ZERO, Duration.ZERO, 1000, Duration.ofMillis(200));
        run(command(impatient, "/bin/sleep", "1000"));
        assertThat(Backlog.read(spool).receivers().get(0).why()).contains("killed");
    }

    private static Receiver command(Pace pace, String... words) {
        Address address = new Address(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of(words));
        return new Receiver("page", Kind.COMMAND, address, Status.DEGRADED, List.of(), pace);
    }

    private static Receiver webhook(String name, URI url, Pace pace) {
        return new Receiver(name, Kind.WEBHOOK, address(url), Status.DEGRADED, List.of(), pace);
    }

    static Address address(URI url) {
        return new Address(
                Optional.of(url), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of());
    }

    private void spool(Status ping) throws IOException {
        spool.add(new Bulletin(
                0, now, "web1", List.of(new Standing("ping", ping, now, "as the test says", "redis-cli ping"))));
    }

    private void run(Receiver... receivers) throws Exception {
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
    private static List<String> changes(Post post) {
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

    private Path[] copies(String name) throws IOException {
        Path file = spool.waiting().get(0);
        Path copy = secrets.resolve(name);
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        return new Path[] {file, copy};
    }

    private void restore(Path... fileAndCopy) throws IOException {
        Files.copy(fileAndCopy[1], fileAndCopy[0], StandardCopyOption.REPLACE_EXISTING);
    }
}
