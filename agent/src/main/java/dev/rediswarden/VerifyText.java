package dev.rediswarden;

import dev.rediswarden.host.VerificationRun;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.snapshot.Verification.Progress;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A verification as a person reads along: a line for each file, and on a terminal how far it is. */
final class VerifyText implements VerificationRun.Listener {

    private final PrintWriter out;
    private final Consumer<String> progress;
    private boolean drawn;

    /** @param progress draws a line over the last one; null where nobody sits before a terminal */
    VerifyText(PrintWriter out, @Nullable Consumer<String> progress) {
        this.out = out;
        this.progress = progress == null ? line -> {} : progress;
    }

    @Override
    public void reading(String path, long read, long total) {
        int percent = new Progress(path, read, total, Instant.EPOCH, Instant.EPOCH).percent();
        draw(path + ": " + percent + " %");
    }

    void waiting(String line) {
        draw(line);
    }

    private void draw(String line) {
        progress.accept(line);
        drawn = !line.isEmpty();
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? bytes + " bytes" : bytes / (1 << 20) + " MiB";
    }

    @Override
    public void found(Verified file, boolean asBefore) {
        String what =
                switch (file.outcome()) {
                    case GOOD -> "good     ";
                    case TORN -> "torn     ";
                    case DAMAGED -> "DAMAGED  ";
                    default -> "unknown  ";
                };
        String where = file.outcome().isKnown() && !file.words().isEmpty() ? ": offset " + file.offset() : "";
        line(what + file.path() + " (" + size(file.size()) + ")" + where
                + (file.words().isEmpty() ? "" : ": " + file.words())
                + (asBefore ? ", as it was at " + file.at() : ""));
    }

    void unknown(String instance, String why) {
        line("unknown  " + instance + ": " + why);
    }

    private void line(String text) {
        end();
        out.println(Untrusted.line(text));
        out.flush();
    }

    /** Takes away what is drawn. */
    void end() {
        if (drawn) {
            draw("");
        }
    }
}
