package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What goes out to one receiver at once, and stays the same however often it is tried.
 *
 * @param id unlike any other's: a receiver that sees it twice has got the message twice
 * @param made when
 * @param changes in their order
 * @param left how many older changes were too many to be kept
 * @param last whether the receiver is told nothing more within this hour but in one message
 * @param test whether a person has asked for it, to try the receiver
 */
public record Message(
        String id, String host, Instant made, List<Change> changes, int left, boolean last, boolean test) {

    public Message {
        changes = List.copyOf(changes);
    }

    /** The worst that has become so; ok where everything in it is resolved. */
    Status status() {
        return changes.stream().map(Change::to).reduce(Status.OK, Status::worse);
    }

    /** One line: whose, how it stands, and the worst reason. */
    String title() {
        if (test) {
            return host + ": a test of redis-warden's notifications";
        }
        String more = changes.size() > 1 ? " (and " + (changes.size() - 1) + " more)" : "";
        return changes.stream()
                .filter(change -> !change.now().check().equals(Standing.OVERALL) || changes.size() == 1)
                .max(Comparator.comparing(Change::to))
                .map(worst ->
                        host + ": " + worst.now().check() + " is " + worst.to().word() + more)
                .orElse(host);
    }

    /** The rest, a line for each. */
    List<String> lines() {
        if (test) {
            return List.of("Nothing has changed: a person has run redis-warden notify --test.");
        }
        List<String> lines = new java.util.ArrayList<>();
        if (left > 0) {
            lines.add(left + " older changes are left out");
        }
        changes.forEach(change -> lines.add(change.line()));
        if (last) {
            lines.add("So many messages were sent within an hour that the next waits until it is over, with all changes"
                    + " until then in it.");
        }
        return lines;
    }
}
