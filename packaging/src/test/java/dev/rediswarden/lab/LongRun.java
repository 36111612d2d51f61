package dev.rediswarden.lab;

/** What takes minutes, and is run where somebody asks for it: {@code -Dlab.long=true}, {@code scripts/test --long}. */
final class LongRun {

    static final String ONLY = "takes minutes: -Dlab.long=true";

    static final boolean ASKED = Boolean.getBoolean("lab.long");

    private LongRun() {}
}
