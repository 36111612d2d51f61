package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;

/** Why a question to the bus has no answer. */
final class BusException extends Exception {

    private final Cause cause;

    BusException(Cause cause, String message) {
        // Without a stack trace: it is a reading's detail, made each second while the bus is away.
        super(message, null, false, false);
        this.cause = cause;
    }

    Cause reason() {
        return cause;
    }

    /** An error reply. */
    static BusException ofError(String name, String text) {
        return new BusException(causeOf(name), text.isBlank() ? name : text);
    }

    static Cause causeOf(String name) {
        String prefix = "org.freedesktop.DBus.Error.";
        return switch (name.startsWith(prefix) ? name.substring(prefix.length()) : "") {
            case "AccessDenied", "AuthFailed", "InteractiveAuthorizationRequired" -> Cause.DENIED;
            case "Timeout", "TimedOut" -> Cause.TIMEOUT;
            // NoReply is the bus' word for somebody who left before answering.
            case "NoReply", "ServiceUnknown", "NameHasNoOwner", "NoServer", "Disconnected", "LimitsExceeded" ->
                Cause.UNAVAILABLE;
            case "UnknownMethod", "UnknownInterface", "UnknownObject", "UnknownProperty", "NotSupported" ->
                Cause.UNSUPPORTED;
            default -> Cause.FAILED;
        };
    }

    <T> Reading<T> asReading() {
        String message = getMessage();
        return Reading.unknown(cause, message == null ? cause.name() : message);
    }
}
