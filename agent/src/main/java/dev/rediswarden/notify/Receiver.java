package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is told, and of what.
 *
 * @param address where it is reached, as its kind has it
 * @param least what is less alarming than this is as good as ok to it
 * @param checks the names of those that it is told of; empty for all, and for the overall status
 * @param pace when it is told, and how often
 */
public record Receiver(String name, Kind kind, Address address, Status least, List<String> checks, Pace pace) {

    public Receiver {
        checks = List.copyOf(checks);
    }

    /** How a receiver is told. */
    public enum Kind {
        WEBHOOK,
        SLACK,
        ALERTMANAGER,
        EMAIL,
        COMMAND;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where, of which each kind uses its own.
     *
     * @param url that is no secret, or stands in a configuration that others cannot read
     * @param urlFile holds a URL that is a secret
     * @param tokenFile holds what is sent as Authorization
     * @param to addresses of mail
     * @param from the address of mail's sender; empty for the host's own choice
     * @param command a program and its arguments
     */
    public record Address(
            Optional<URI> url,
            Optional<Path> urlFile,
            Optional<Path> tokenFile,
            List<String> to,
            Optional<String> from,
            List<String> command) {

        public Address {
            to = List.copyOf(to);
            command = List.copyOf(command);
        }
    }

    /**
     * When.
     *
     * @param hold how long a change has to last until it is told, and how long others are waited for that go with it
     * @param every from one message to the next
     * @param perHour how many messages at most; what is more is told in one, later
     * @param timeout for one attempt, from looking up the name to the last byte of the answer
     */
    public record Pace(Duration hold, Duration every, int perHour, Duration timeout) {}

    /** As it counts for this receiver. */
    Status level(Status status) {
        return status.compareTo(least) >= 0 ? status : Status.OK;
    }

    boolean isToldOf(String check) {
        return checks.isEmpty()
                || checks.contains(check)
                || checks.contains(check.substring(check.lastIndexOf('/') + 1));
    }
}
