package dev.rediswarden.snapshot;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a probe found: a value, or the reason why it could not find one. "I could not find out" is never folded
 * into "no".
 */
public sealed interface Reading<T> {

    /** The value was read. */
    record Known<T>(T value) implements Reading<T> {

        @Override
        public <R> R fold(Function<? super T, ? extends R> known, Function<? super Unknown<T>, ? extends R> unknown) {
            return known.apply(value);
        }
    }

    /** The value could not be read; {@code detail} is one sentence for an operator, with no secret in it. */
    record Unknown<T>(Cause cause, String detail) implements Reading<T> {

        public Unknown {
            detail = Untrusted.line(detail);
        }

        @Override
        public <R> R fold(Function<? super T, ? extends R> known, Function<? super Unknown<T>, ? extends R> unknown) {
            return unknown.apply(this);
        }
    }

    /** Why a value is unknown. */
    enum Cause {
        /** Nothing was read yet, or reading it is switched off. */
        NOT_READ,
        /** No answer within the deadline. */
        TIMEOUT,
        /** This user or these credentials may not read it. */
        DENIED,
        /** What would have to be asked is not there (no bus, no file, no server). */
        UNAVAILABLE,
        /** The other side does not know the question (an older version, a renamed command). */
        UNSUPPORTED,
        /** It answered something that could not be understood, or failed otherwise. */
        FAILED
    }

    <R> R fold(Function<? super T, ? extends R> known, Function<? super Unknown<T>, ? extends R> unknown);

    /** The value where it is known; for checks that have something to say without it. */
    default Optional<T> optional() {
        return fold(Optional::of, unknown -> Optional.empty());
    }

    default <R> Reading<R> map(Function<? super T, ? extends R> mapper) {
        return fold(
                value -> new Known<>(mapper.apply(value)), unknown -> new Unknown<>(unknown.cause(), unknown.detail()));
    }

    static <T> Reading<T> known(T value) {
        return new Known<>(value);
    }

    static <T> Reading<T> unknown(Cause cause, String detail) {
        return new Unknown<>(cause, detail);
    }
}
