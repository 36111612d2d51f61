package dev.rediswarden.host;

import dev.rediswarden.snapshot.Verification.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What redis-check-rdb and redis-check-aof, of Redis 6.0 to 8 and of Valkey, mean by what they say (redis-check-rdb.c,
 * redis-check-aof.c). What is none of it is not understood: neither good nor damaged.
 *
 * @param offset of the first byte that is not as it must be
 */
record ToolWords(Outcome outcome, long offset, String words) {

    private static final Pattern RDB_ERROR =
            Pattern.compile("--- RDB ERROR DETECTED ---\\s+\\[offset (\\d{1,18})] ([^\\n]*)");

    /** Of these the tool itself is the cause as well as the file may be. */
    private static final Pattern TOOLS_FAULT =
            Pattern.compile("Can't handle RDB format version|Server crash|[Oo]ut [Oo]f [Mm]emory|OOM");

    private static final Pattern OK_UP_TO = Pattern.compile("\\bok_up_to=(\\d{1,18})");

    private static final Pattern AOF_ERROR = Pattern.compile("(?m)^0x\\s*([0-9a-fA-F]{1,15}): (.*)$");

    private static final Pattern MANIFEST_ERROR = Pattern.compile("(?m)^[^\\n]*# ([^#*>][^\\n]*)\\s*\\z");

    /** No number or prefix of a command has a longer line. */
    private static final int LINE = 128;

    static ToolWords ofRdb(CheckTool.Ran ran, String tool) {
        Matcher error = RDB_ERROR.matcher(ran.words());
        if (ran.isKilled()) {
            return killed(ran, tool);
        }
        if (ran.exit() == 0 && ran.words().contains("RDB looks OK!")) {
            return new ToolWords(Outcome.GOOD, 0, "");
        }
        if (ran.exit() != 0
                && error.find()
                && !TOOLS_FAULT.matcher(error.group(2)).find()) {
            return new ToolWords(Outcome.DAMAGED, Long.parseLong(error.group(1)), error.group(2));
        }
        return notUnderstood(ran, tool);
    }

    /** @param file that it has looked at; a tail that is not whole is seen by what comes behind it: nothing */
    static ToolWords ofAof(CheckTool.Ran ran, String tool, Path file) throws IOException {
        String said = ran.words();
        if (ran.isKilled()) {
            return killed(ran, tool);
        }
        if (ran.exit() == 0 && said.matches("(?s).*\\bis (valid|empty)\\s*")) {
            return new ToolWords(Outcome.GOOD, 0, "");
        }
        if (ran.exit() != 0 && said.contains("RDB preamble of AOF file is not sane")) {
            return ofRdb(ran, tool);
        }
        Matcher upTo = OK_UP_TO.matcher(said);
        if (ran.exit() == 0 || !said.contains("is not valid") || !upTo.find()) {
            return notUnderstood(ran, tool);
        }
        Matcher error = AOF_ERROR.matcher(said);
        boolean named = error.find();
        boolean torn = !said.contains("format error")
                && (!named || isEnd(error.group(2)) || endsBefore(file, Long.parseLong(error.group(1), 16)));
        String words = named ? error.group(2).strip() : torn ? "its last command is not whole" : "format error";
        return new ToolWords(torn ? Outcome.TORN : Outcome.DAMAGED, Long.parseLong(upTo.group(1)), words);
    }

    private static boolean isEnd(String words) {
        return words.startsWith("Expected to read ") || words.startsWith("Reached EOF");
    }

    /** Whether what is wrong is that a line, which is a number's, is not whole. */
    private static boolean endsBefore(Path file, long from) throws IOException {
        try (RandomAccessFile read = new RandomAccessFile(file.toFile(), "r")) {
            long rest = read.length() - from;
            if (rest < 0 || rest >= LINE) {
                return false;
            }
            byte[] bytes = new byte[(int) rest];
            read.seek(from);
            read.readFully(bytes);
            for (byte b : bytes) {
                if (b == '\n') {
                    return false;
                }
            }
            return true;
        }
    }

    static ToolWords ofManifest(CheckTool.Ran ran, String tool) {
        if (ran.isKilled()) {
            return killed(ran, tool);
        }
        if (ran.exit() == 0 && ran.words().contains("All AOF files and manifest are valid")) {
            return new ToolWords(Outcome.GOOD, 0, "");
        }
        if (ran.words().contains("Start checking Old-Style AOF")) {
            return new ToolWords(Outcome.DAMAGED, 0, "its first line is none of a manifest");
        }
        Matcher error = MANIFEST_ERROR.matcher(ran.words());
        return ran.words().contains("FATAL AOF MANIFEST FILE ERROR") && error.find()
                ? new ToolWords(Outcome.DAMAGED, 0, error.group(1).strip())
                : notUnderstood(ran, tool);
    }

    private static ToolWords killed(CheckTool.Ran ran, String tool) {
        return new ToolWords(Outcome.TOOL_KILLED, 0, tool + " was ended by signal " + (ran.exit() - 128));
    }

    private static ToolWords notUnderstood(CheckTool.Ran ran, String tool) {
        Matcher error = RDB_ERROR.matcher(ran.words());
        String last = ran.words()
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((one, other) -> other)
                .orElse("nothing");
        return new ToolWords(
                Outcome.NOT_UNDERSTOOD,
                0,
                tool + " ended with " + ran.exit() + " and said: " + (error.find() ? error.group(2) : last));
    }
}
