package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one receiver was told, and is still to be told; immutable, so that it is on the disk before it is acted upon.
 *
 * @param number of the bulletin that was taken last
 * @param host of which
 * @param told by check, what the receiver knows once everything here is delivered; what is ok is not in it
 * @param open changes that are in no message yet
 * @param left how many more of them there were than are kept
 * @param sent when messages were delivered, within the last hour
 * @param underway the message that is tried; the next one is made when it is delivered or given up
 * @param refreshed when a receiver that forgets was last reminded
 */
record Outbox(
        long number,
        String host,
        Map<String, Status> told,
        List<Change> open,
        int left,
        List<Instant> sent,
        Optional<Underway> underway,
        Instant refreshed) {

    static final Outbox NEW = new Outbox(0, "", Map.of(), List.of(), 0, List.of(), Optional.empty(), Instant.EPOCH);

    private static final int MOST_OPEN = 500;
    private static final Duration HOUR = Duration.ofHours(1);

    /**
     * A message that may have been tried.
     *
     * @param tries that were begun
     * @param due when to try it next
     * @param why it is not delivered yet
     */
    record Underway(Message message, int tries, Instant due, String why) {}

    Outbox {
        told = Map.copyOf(told);
        open = List.copyOf(open);
        sent = List.copyOf(sent);
    }

    /** With what is new in a bulletin; the same where there is nothing, as where it was taken before. */
    Outbox take(Bulletin bulletin, Receiver receiver) {
        if (bulletin.number() <= number) {
            return this;
        }
        Map<String, Status> knows = new TreeMap<>();
        List<Change> changes = new ArrayList<>(open);
        Map<String, Status> gone = new TreeMap<>(told);
        for (Standing standing : bulletin.standings()) {
            Status was = told.getOrDefault(standing.check(), Status.OK);
            Status is = receiver.isToldOf(standing.check()) ? receiver.level(standing.status()) : Status.OK;
            gone.remove(standing.check());
            if (is.compareTo(Status.OK) > 0) {
                knows.put(standing.check(), is);
            }
            if (is != (was == Status.OFF ? Status.OK : was)
                    && !(is.compareTo(Status.OK) <= 0 && was.compareTo(Status.OK) <= 0)) {
                add(changes, new Change(was, bulletin.at(), standing), receiver);
            }
        }
        gone.forEach((check, was) -> add(changes, new Change(was, bulletin.at(), gone(check, bulletin)), receiver));
        int over = Math.max(0, changes.size() - MOST_OPEN);
        return new Outbox(
                bulletin.number(),
                bulletin.host(),
                knows,
                changes.subList(over, changes.size()),
                left + over,
                sent,
                underway,
                refreshed);
    }

    private static Standing gone(String check, Bulletin bulletin) {
        return new Standing(check, Status.OFF, bulletin.at(), "it is not watched any more", "");
    }

    /** What did not last until it would have been told never was. */
    private static void add(List<Change> changes, Change next, Receiver receiver) {
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change before = changes.get(i);
            if (before.now().check().equals(next.now().check())) {
                if (Duration.between(before.at(), next.at())
                                .abs()
                                .compareTo(receiver.pace().hold())
                        < 0) {
                    changes.remove(i);
                    if (receiver.level(before.from()) != receiver.level(next.to())) {
                        changes.add(i, new Change(before.from(), before.at(), next.now()));
                    }
                    return;
                }
                break;
            }
        }
        changes.add(next);
    }

    /**
     * When the next message is to be made; empty where there is nothing for it, or one is tried. What was later than now
     * was before the clock was set back, and holds up nothing.
     */
    Optional<Instant> ripe(Receiver receiver, Instant now) {
        if (open.isEmpty() || underway.isPresent()) {
            return Optional.empty();
        }
        Instant ripe = open.stream()
                .map(change -> settled(change, receiver, now))
                .min(Instant::compareTo)
                .orElseThrow();
        List<Instant> before = sent.stream().filter(at -> !at.isAfter(now)).toList();
        if (!before.isEmpty()) {
            ripe = later(
                    ripe, before.get(before.size() - 1).plus(receiver.pace().every()));
        }
        if (before.size() >= receiver.pace().perHour()) {
            ripe = later(
                    ripe, before.get(before.size() - receiver.pace().perHour()).plus(HOUR));
        }
        return Optional.of(ripe);
    }

    /** From when on it has lasted. */
    private static Instant settled(Change change, Receiver receiver, Instant now) {
        return change.at().isAfter(now)
                ? Instant.EPOCH
                : change.at().plus(receiver.pace().hold());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** With all of the open ones that have lasted in one message, to be tried at once. */
    Outbox pack(String id, Instant now, Receiver receiver) {
        boolean last = sent.size() + 1 >= receiver.pace().perHour();
        Map<Boolean, List<Change>> lasted = open.stream()
                .collect(Collectors.partitioningBy(
                        change -> !settled(change, receiver, now).isAfter(now)));
        Message message = new Message(id, host, now, lasted.getOrDefault(true, List.of()), left, last, false);
        return new Outbox(
                number,
                host,
                told,
                lasted.getOrDefault(false, List.of()),
                0,
                sent,
                Optional.of(new Underway(message, 0, now, "")),
                refreshed);
    }

    /** What the receiver is known to have been told of, and is not well. */
    Set<String> delivered() {
        Set<String> checks = new TreeSet<>(told.keySet());
        Stream.concat(open.stream(), underway.stream().flatMap(tried -> tried.message().changes().stream()))
                .forEach(change -> checks.remove(change.now().check()));
        return checks;
    }

    /** As it is before a try, so that who is killed in it knows of it. */
    Outbox trying(Underway tried) {
        return with(sent, Optional.of(tried));
    }

    /** The message is gone, delivered or given up; either counts for how many there were. */
    Outbox done(Instant now) {
        List<Instant> kept = new ArrayList<>(sent);
        // Also those of a clock that was set back.
        kept.removeIf(at -> Duration.between(at, now).abs().compareTo(HOUR) >= 0);
        kept.add(now);
        return with(kept, Optional.empty());
    }

    Outbox refreshed(Instant now) {
        return new Outbox(number, host, told, open, left, sent, underway, now);
    }

    private Outbox with(List<Instant> delivered, Optional<Underway> tried) {
        return new Outbox(number, host, told, open, left, delivered, tried, refreshed);
    }

    /** Since when something waits. */
    Optional<Instant> waitingSince() {
        return underway.map(tried -> tried.message().changes().stream()
                        .map(Change::at)
                        .findFirst()
                        .orElse(tried.message().made()))
                .or(() -> open.stream().map(Change::at).findFirst());
    }

    /** How many changes are not delivered. */
    int waiting() {
        return open.size()
                + underway.map(tried -> tried.message().changes().size()).orElse(0);
    }
}
