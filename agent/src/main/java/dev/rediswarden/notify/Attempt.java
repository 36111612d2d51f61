package dev.rediswarden.notify;

import java.time.Duration;

/** What became of one try to deliver a message. */
sealed interface Attempt {

    /** The receiver has said that it has it. */
    record Delivered() implements Attempt {}

    /**
     * It may be otherwise later: nobody answers, or says so.
     *
     * @param pause the least that the receiver asks for
     */
    record Later(String why, Duration pause) implements Attempt {

        Later(String why) {
            this(why, Duration.ZERO);
        }
    }

    /** It will be so at each try: only a person can mend it. */
    record Refused(String why) implements Attempt {}
}
