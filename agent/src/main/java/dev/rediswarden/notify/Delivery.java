package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Attempt.Delivered;
import dev.rediswarden.notify.Attempt.Later;
import dev.rediswarden.notify.Attempt.Refused;
import dev.rediswarden.notify.Outbox.Underway;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.tinylog.Logger;

/**
 * What goes to one receiver, one message after the other. Each step is on the disk before it is taken: that a try
 * begins before it does, and that a message is delivered before the next one is made. Killed at any instant, it tries
 * once more at most what was on its way, by the same id.
 */
final class Delivery {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private static final Duration AFTER_A_VAIN_REMINDER = Duration.ofMinutes(1);

    /** News of three days ago helps nobody. */
    static final Duration GIVEN_UP_AFTER = Duration.ofDays(3);

    /** Less than the longest of pauses make of that: a clock that is put right makes nothing old. */
    private static final int GIVEN_UP_AFTER_TRIES = 50;

    private final Receiver receiver;
    private final Spool spool;
    private final OutboxFile file;
    private Outbox outbox;
    private boolean trying;
    private boolean reminding;
    private Instant remindedInVain = Instant.EPOCH;
    private long givenUp;

    private Delivery(Receiver receiver, Spool spool, OutboxFile file, Outbox outbox) {
        this.receiver = receiver;
        this.spool = spool;
        this.file = file;
        this.outbox = outbox;
    }

    /** One that is new is told of how things stand, where that is not well. */
    static Delivery of(Receiver receiver, Spool spool) throws IOException {
        OutboxFile file = new OutboxFile(spool.outbox(receiver.name()));
        Delivery delivery = new Delivery(receiver, spool, file, file.read());
        Optional<Bulletin> last = spool.last();
        if (last.isPresent()) {
            delivery.take(last.get());
        }
        return delivery;
    }

    Receiver receiver() {
        return receiver;
    }

    Outbox outbox() {
        return outbox;
    }

    void take(Bulletin bulletin) throws IOException {
        Outbox next = outbox.take(bulletin, receiver);
        if (!next.told().equals(outbox.told()) || !next.open().equals(outbox.open())) {
            keep(next);
        }
    }

    /** When there is something to be done next; empty where there is not, or it is being done. */
    Optional<Instant> due(Instant now) {
        Optional<Instant> message = trying
                ? Optional.empty()
                : outbox.underway().map(tried -> due(tried, now)).or(() -> outbox.ripe(receiver, now));
        return Stream.of(message, remindsAt(now)).flatMap(Optional::stream).min(Instant::compareTo);
    }

    /** At once where the clock was set back since it was made. */
    private static Instant due(Underway tried, Instant now) {
        return tried.message().made().isAfter(now) ? now : tried.due();
    }

    /** How many messages were, since it was made. */
    long givenUp() {
        return givenUp;
    }

    /** Whether something is on its way that must not be cut off. */
    boolean isBusy() {
        return trying || reminding;
    }

    /** Alertmanager takes for resolved what it is not told of again. */
    private Optional<Instant> remindsAt(Instant now) {
        boolean forgets = receiver.kind() == Receiver.Kind.ALERTMANAGER
                && !outbox.delivered().isEmpty();
        if (!forgets || reminding) {
            return Optional.empty();
        }
        Instant next = outbox.refreshed().plus(AlertBody.EVERY);
        Instant again = remindedInVain.plus(AFTER_A_VAIN_REMINDER);
        return Optional.of(outbox.refreshed().isAfter(now) ? now : again.isAfter(next) ? again : next);
    }

    /** Whether it is to be reminded now, which is under way when this is true. */
    boolean beginReminder(Instant now) {
        boolean due = remindsAt(now).filter(at -> !at.isAfter(now)).isPresent();
        reminding |= due;
        return due;
    }

    /** It counts once it has arrived. */
    void reminded(Attempt attempt, Instant now) throws IOException {
        reminding = false;
        if (attempt instanceof Delivered) {
            keep(outbox.refreshed(now));
        } else {
            remindedInVain = now;
            Logger.warn("notify {}: it could not be reminded of what is firing", receiver.name());
        }
    }

    /** What is to be tried now, which is known on the disk when this returns. */
    Optional<Underway> begin(Instant now, String id, double chance) throws IOException {
        if (trying) {
            return Optional.empty();
        }
        if (outbox.ripe(receiver, now).filter(at -> !at.isAfter(now)).isPresent()) {
            keep(outbox.pack(id, now, receiver));
        }
        Optional<Underway> next =
                outbox.underway().filter(tried -> !due(tried, now).isAfter(now));
        if (next.isPresent()) {
            Underway tried = next.get();
            Instant again = now.plus(pause(tried.tries(), chance));
            keep(outbox.trying(new Underway(tried.message(), tried.tries() + 1, again, tried.why())));
            trying = true;
        }
        return next;
    }

    private static Duration pause(int tries, double chance) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
        Duration pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        // A fleet that lost its receiver at one moment does not come back to it at one.
        return Duration.ofNanos((long) (pause.toNanos() * (0.75 + chance / 2)));
    }

    void ended(Attempt attempt, Instant now) throws IOException {
        trying = false;
        Underway tried = outbox.underway().orElseThrow();
        if (attempt instanceof Delivered) {
            if (tried.tries() > 1) {
                Logger.info("notify {}: told after {} tries", receiver.name(), tried.tries());
            }
            keep(outbox.done(now));
        } else if (attempt instanceof Refused refused) {
            giveUp(tried, refused.why(), now);
        } else if (attempt instanceof Later later) {
            if (tried.tries() >= GIVEN_UP_AFTER_TRIES
                    && Duration.between(tried.message().made(), now).compareTo(GIVEN_UP_AFTER) > 0) {
                giveUp(tried, later.why() + ", for " + GIVEN_UP_AFTER.toDays() + " days", now);
            } else {
                again(tried, later, now);
            }
        }
    }

    private void again(Underway tried, Later later, Instant now) throws IOException {
        if (!tried.why().equals(later.why())) {
            Logger.warn("notify {}: not told yet: {}; it is tried again", receiver.name(), later.why());
        }
        Instant asked = now.plus(later.pause());
        Instant due = asked.isAfter(tried.due()) ? asked : tried.due();
        keep(outbox.trying(new Underway(tried.message(), tried.tries(), due, later.why())));
    }

    private void giveUp(Underway tried, String why, Instant now) throws IOException {
        String id = tried.message().id();
        givenUp++;
        spool.fail(id, FailedFile.text(receiver.name(), why, now, tried.message()));
        Logger.error(
                "notify {}: not told, and given up: {}; the message is in {}, mend what is wrong and see:"
                        + " redis-warden notify --test {}",
                receiver.name(),
                why,
                spool.directory().resolve("failed").resolve(id + ".json"),
                receiver.name());
        keep(outbox.done(now));
    }

    private void keep(Outbox next) throws IOException {
        file.write(next);
        outbox = next;
    }

    /** Whether the receiver was told that this is so. */
    boolean isFiring(Standing standing) {
        Status told = outbox.told().getOrDefault(standing.check(), Status.OK);
        return told == standing.status() && outbox.delivered().contains(standing.check());
    }
}
