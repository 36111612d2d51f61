package dev.rediswarden.config;

/** A value does not keep its rule; the message goes on where the key ends: {@code must be …}. */
final class RuleBroken extends Exception {

    private static final long serialVersionUID = 1;

    RuleBroken(String rule) {
        super(rule);
    }

    String rule() {
        return String.valueOf(getMessage());
    }
}
