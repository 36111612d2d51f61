package dev.rediswarden.preflight;

import dev.rediswarden.snapshot.Untrusted;

/**
 * Where a URL was read.
 *
 * @param name for a person: the file's path
 * @param editor the command that opens it for a change
 */
public record Origin(String name, String editor) {

    public static Origin file(String path) {
        String shown = Untrusted.line(path);
        return new Origin(shown, "sudoedit " + RedisCli.word(shown));
    }

    public static Origin given() {
        return new Origin("the URL", "redis-warden check --url -");
    }

    /** The command; what to write there stands behind it as a comment. */
    String edit(String what) {
        return editor + " # " + what;
    }
}
