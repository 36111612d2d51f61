package dev.rediswarden;

import dev.rediswarden.cli.ReportTable;
import dev.rediswarden.cli.RunningDaemon;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows the running daemon's report again and again, until Ctrl-C: on a terminal in place, else what has changed behind
 * what was. The escape codes are its own; nothing of the report gets to the terminal but as printable text.
 */
final class StatusWatch {

    /** What the daemon told, or why it did not. */
    interface Source {
        ReportTable table() throws IOException;
    }

    /** The cursor to the top, and all below it taken away (ECMA-48: CUP, ED). */
    private static final String CLEARED = "\u001b[H\u001b[J";

    private final Source source;
    private final PrintWriter out;
    private final boolean terminal;
    private final InstantSource clock;
    private String shown = "";

    StatusWatch(Source source, PrintWriter out, boolean terminal, InstantSource clock) {
        this.source = source;
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    // In the Java that comes with it, there is none where input or output is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    static StatusWatch of(InetSocketAddress listen, PrintWriter out) {
        boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        return new StatusWatch(
                () -> ReportTable.of(RunningDaemon.health(listen).json()), out, terminal, InstantSource.system());
    }

    /** Until the process is ended. */
    int run(Duration every) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            do {
                show();
            } while (!out.checkError() && !never.await(every.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.OK;
    }

    /** One look. */
    void show() {
        String now;
        String text;
        try {
            ReportTable table = source.table();
            text = table.text();
            now = table.standing();
        } catch (IOException e) {
            text = "the daemon does not answer; see: sudo systemctl status redis-warden.service\n";
            now = text;
        }
        String head = clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  ";
        if (terminal) {
            out.print(CLEARED + head + text);
        } else if (!now.equals(shown)) {
            out.print((shown.isEmpty() ? "" : "\n") + head + text);
        }
        shown = now;
        out.flush();
    }
}
