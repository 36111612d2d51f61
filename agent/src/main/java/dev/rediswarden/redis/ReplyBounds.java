package dev.rediswarden.redis;

import java.io.IOException;

/**
 * Watches the bytes of replies go by and stops what would exhaust this process: Jedis allocates whatever length a
 * reply announces, and recurses as deep as arrays nest. RESP2 only, which is what is spoken here.
 */
final class ReplyBounds {

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_ARRAYS = 200;
    static final int MAX_ELEMENTS = 10_000;

    /** What answers is no Redis, or none that can be trusted. */
    static final class Violation extends IOException {
        private static final long serialVersionUID = 1;

        Violation(String message) {
            super(message);
        }
    }

    private long bytes;
    private long arrays;
    private long elements;
    /** The type of the element whose first line is being read; 0 before one. */
    private char type;

    private boolean negative;
    private long number;
    /** Bytes of a bulk string, its end of line included, that are still to come. */
    private long skip;

    /** New exchange, new budget. */
    void restart() {
        bytes = 0;
        arrays = 0;
        elements = 0;
    }

    void accept(byte[] buffer, int offset, int length) throws Violation {
        bytes += length;
        check(bytes <= MAX_BYTES, "more than 1 MiB");
        int end = offset + length;
        for (int i = offset; i < end; ) {
            if (skip > 0) {
                long step = Math.min(skip, end - i);
                skip -= step;
                i += (int) step;
            } else {
                accept((char) (buffer[i++] & 0xff));
            }
        }
    }

    private void accept(char c) throws Violation {
        if (type == 0) {
            if ("+-:$*".indexOf(c) < 0) {
                throw new Violation("what answers does not speak the Redis protocol");
            }
            type = c;
            negative = false;
            number = 0;
        } else if (c == '\n') {
            endOfLine();
            type = 0;
        } else if (c == '-') {
            negative = true;
        } else if (c >= '0' && c <= '9' && number <= MAX_BYTES) {
            number = number * 10 + (c - '0');
        }
    }

    private void endOfLine() throws Violation {
        if (type == '$' && !negative) {
            check(number <= MAX_BYTES, "a string of more than 1 MiB");
            skip = number + 2;
        } else if (type == '*' && !negative) {
            elements += number;
            check(++arrays <= MAX_ARRAYS && elements <= MAX_ELEMENTS, "too many elements");
        }
    }

    private static void check(boolean within, String what) throws Violation {
        if (!within) {
            throw new Violation("the reply has " + what);
        }
    }
}
