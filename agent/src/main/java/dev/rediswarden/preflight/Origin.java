package dev.rediswarden.preflight;

/**
 * Where a URL was read.
 *
 * @param name for a person: the file's path
 * @param editor the command that opens it for a change
 */
public record Origin(String name, String editor) {

    public static Origin file(String path) {
        return new Origin(path, "sudoedit " + RedisCli.word(path));
    }

    public static Origin given() {
        return new Origin("the URL", "redis-warden check --url -");
    }

    /** The command; what to write there stands behind it as a comment. */
    String edit(String what) {
        return editor + " # " + what;
    }
}
