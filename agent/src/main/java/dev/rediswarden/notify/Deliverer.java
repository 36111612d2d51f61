package dev.rediswarden.notify;

import dev.rediswarden.notify.Attempt.Later;
import dev.rediswarden.notify.Backlog.Waiting;
import dev.rediswarden.notify.Outbox.Underway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Takes what the daemon has spooled into each receiver's outbox, delivers what is due, and ends when nothing is for a
 * while: the daemon has it started again. A receiver that is slow or away holds up no other.
 *
 * @param ids makes one for each message
 * @param chance from 0 to 1, for pauses that differ
 * @param linger for what is due within it, it is waited
 */
public record Deliverer(
        Spool spool,
        List<Receiver> receivers,
        InstantSource clock,
        LongSupplier nanos,
        Supplier<String> ids,
        DoubleSupplier chance,
        Duration linger) {

    /** It rather waits than is started anew for the first tries after a failure. */
    public static final Duration LINGER = Duration.ofSeconds(5);

    /** How soon it sees what is new while it runs. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** @param reminder whether it was one, and not the message that is under way */
    private record Ended(Delivery delivery, Attempt attempt, boolean reminder) {}

    /** @throws IOException where the spool cannot be read or written */
    public void run() throws IOException, InterruptedException {
        spool.make();
        for (Path file :
                spool.outboxesBut(receivers.stream().map(Receiver::name).toList())) {
            Logger.info("notify {}: it is configured no more, and nothing is kept for it", file.getFileName());
            Files.deleteIfExists(file);
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (Receiver receiver : receivers) {
            deliveries.add(Delivery.of(receiver, spool));
        }
        BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        Map<String, Long> givenUp = Backlog.read(spool).givenUp();
        Backlog told = Backlog.NONE;
        boolean more = true;
        while (more) {
            spool.awake();
            take(deliveries);
            for (Delivery delivery : deliveries) {
                begin(delivery, ended);
            }
            Ended one = ended.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (one != null) {
                end(one);
            }
            Optional<Instant> due = due(deliveries);
            boolean busy = deliveries.stream().anyMatch(Delivery::isBusy) || !ended.isEmpty();
            more = busy
                    || due.filter(at -> !at.isAfter(clock.instant().plus(linger)))
                            .isPresent();
            Backlog left = backlog(deliveries, due, givenUp);
            if (!more
                    || !left.receivers().equals(told.receivers())
                    || !left.givenUp().equals(told.givenUp())) {
                left.write(spool);
                told = left;
            }
        }
    }

    private void take(List<Delivery> deliveries) throws IOException {
        for (Path file : spool.waiting()) {
            Optional<Bulletin> bulletin = spool.read(file);
            if (bulletin.isPresent()) {
                for (Delivery delivery : deliveries) {
                    delivery.take(bulletin.get());
                }
                spool.taken(file);
            }
        }
    }

    private void begin(Delivery delivery, BlockingQueue<Ended> ended) throws IOException {
        Instant now = clock.instant();
        Receiver receiver = delivery.receiver();
        Optional<Underway> next = delivery.begin(now, ids.get(), chance.getAsDouble());
        if (next.isPresent()) {
            Underway tried = next.get();
            Carrier carrier = Carrier.of(receiver, nanos, clock);
            start(
                    receiver,
                    () -> ended.add(new Ended(delivery, carry(carrier, tried.message(), tried.tries()), false)));
        } else if (delivery.beginReminder(now)) {
            // Read here: the outbox is this thread's.
            Optional<Bulletin> last = spool.last();
            List<Standing> firing = last.stream()
                    .flatMap(bulletin -> bulletin.standings().stream())
                    .filter(delivery::isFiring)
                    .toList();
            String host = last.map(Bulletin::host).orElse("");
            start(receiver, () -> ended.add(new Ended(delivery, remind(receiver, host, firing), true)));
        }
    }

    private static void start(Receiver receiver, Runnable work) {
        Thread thread = new Thread(work, "to-" + receiver.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Whatever happens is an answer: a message whose thread just ended would be on its way for ever. */
    private static Attempt carry(Carrier carrier, Message message, int tries) {
        try {
            return carrier.carry(message, tries);
        } catch (IOException e) {
            return new Later(HttpPost.why(e));
        } catch (RuntimeException | LinkageError e) {
            return new Later("a defect: " + e.getClass().getName());
        }
    }

    private Attempt remind(Receiver receiver, String host, List<Standing> firing) {
        Carrier carrier = (message, tries) ->
                new HttpPost(receiver, nanos).send(message.id(), AlertBody.again(host, firing, clock.instant()));
        Message none = new Message(ids.get(), host, clock.instant(), List.of(), 0, false, false);
        return carry(carrier, none, 0);
    }

    private void end(Ended one) throws IOException {
        if (one.reminder()) {
            one.delivery().reminded(one.attempt(), clock.instant());
        } else {
            one.delivery().ended(one.attempt(), clock.instant());
        }
    }

    private Optional<Instant> due(List<Delivery> deliveries) {
        Instant now = clock.instant();
        return deliveries.stream()
                .flatMap(delivery -> delivery.due(now).stream())
                .min(Instant::compareTo);
    }

    /** @param before how many messages were given up by earlier runs */
    private Backlog backlog(List<Delivery> deliveries, Optional<Instant> due, Map<String, Long> before)
            throws IOException {
        List<Waiting> waiting = new ArrayList<>();
        Map<String, Long> givenUp = new HashMap<>();
        for (Delivery delivery : deliveries) {
            String name = delivery.receiver().name();
            long ever = before.getOrDefault(name, 0L) + delivery.givenUp();
            if (ever > 0) {
                givenUp.put(name, ever);
            }
            Outbox outbox = delivery.outbox();
            outbox.waitingSince()
                    .ifPresent(since -> waiting.add(new Waiting(
                            name,
                            outbox.waiting(),
                            since,
                            outbox.underway().map(Underway::why).orElse(""))));
        }
        return new Backlog(due, spool.failed().size(), waiting, givenUp);
    }

    /**
     * Sends a message to one receiver that says that it is a test, at once and once.
     *
     * @return empty where it was taken, else why it was not
     */
    public static Optional<String> test(
            Receiver receiver, String host, String id, InstantSource clock, LongSupplier nanos) {
        Message test = new Message(id, host, clock.instant(), List.of(), 0, false, true);
        Attempt attempt = carry(Carrier.of(receiver, nanos, clock), test, 0);
        if (attempt instanceof Later later) {
            return Optional.of(later.why());
        }
        return attempt instanceof Attempt.Refused refused ? Optional.of(refused.why()) : Optional.empty();
    }
}
