package dev.rediswarden.redis;

import dev.rediswarden.redis.Administrator.Refused;
import dev.rediswarden.snapshot.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Has a running server log each write. In redis.conf first, the next start would load a log that was never written, and
 * nothing else; so the log is written whole before redis.conf hears of it.
 *
 * @param progress told a line now and then
 */
record AofSwitch(Administrator server, LongSupplier nanos, Consumer<String> progress) {

    /** For gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofMinutes(60);

    /** For a share that is written beside the data: temporary files, and what is written meanwhile. */
    private static final long ROOM = 64L << 20;

    private static final Duration TELL = Duration.ofSeconds(3);

    /**
     * Turns it on, or goes on where an earlier run was interrupted.
     *
     * @return what was seen; the log on the disk is whole then
     */
    String on() throws Refused {
        boolean already = server.config("appendonly").equals("yes");
        if (!already) {
            room();
            snapshot();
        }
        Sample before = Sample.take(server);
        if (!already) {
            server.set("appendonly", "yes");
        } else if (isUnwritten()) {
            server.ask("BGREWRITEAOF");
        }
        awaitRewrite();
        if (!isOnDisk()) {
            throw new Refused("INFO says that the append-only file is written, and it is not on the disk");
        }
        return before.compare(server);
    }

    /** It is on, and nobody is at writing what there is none of. */
    private boolean isUnwritten() throws Refused {
        Fields now = server.info("persistence");
        boolean busy = now.is("aof_rewrite_in_progress", "1") || now.is("aof_rewrite_scheduled", "1");
        return !busy && (!now.is("aof_last_bgrewrite_status", "ok") || !isOnDisk());
    }

    /** Twice the data: for the snapshot and for the log. */
    private void room() throws Refused {
        long used = server.info("memory").number("used_memory").orElse(0);
        Path directory = Path.of(server.config("dir"));
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < 2 * used + ROOM) {
                throw new Refused(directory + " has " + (free >> 20) + " MiB free, and a snapshot and a log of "
                        + (used >> 20) + " MiB of data take " + ((2 * used + ROOM) >> 20) + " MiB");
            }
        } catch (IOException e) {
            throw new Refused("how much is free in " + directory + " cannot be found out");
        }
    }

    /** Should the server die before redis.conf says so, this is what its next start loads. */
    private void snapshot() throws Refused {
        awaitSave();
        if (server.info("persistence").is("rdb_changes_since_last_save", "0")) {
            return;
        }
        server.ask("BGSAVE", "SCHEDULE");
        awaitSave();
        Fields now = server.info("persistence");
        if (!now.is("rdb_last_bgsave_status", "ok")) {
            throw new Refused("a snapshot, as the way back, could not be written: rdb_last_bgsave_status is "
                    + now.text("rdb_last_bgsave_status").orElse("?"));
        }
    }

    private void awaitSave() throws Refused {
        Report report = new Report("the snapshot");
        server.await("the snapshot", PATIENCE, () -> {
            Fields now = server.info("persistence");
            boolean over = now.is("rdb_bgsave_in_progress", "0") && now.is("aof_rewrite_in_progress", "0");
            if (!over) {
                report.tell(now);
            }
            return over;
        });
    }

    private void awaitRewrite() throws Refused {
        Report report = new Report("the append-only file");
        server.await("the first append-only file", PATIENCE, () -> {
            Fields now = server.info("persistence");
            if (!now.is("aof_enabled", "1")) {
                throw new Refused("the server has turned it off again, or was restarted");
            }
            boolean busy = now.is("aof_rewrite_in_progress", "1") || now.is("aof_rewrite_scheduled", "1");
            if (!busy && !now.is("aof_last_bgrewrite_status", "ok")) {
                throw new Refused("the append-only file could not be written: aof_last_bgrewrite_status is "
                        + now.text("aof_last_bgrewrite_status").orElse("?"));
            }
            if (busy) {
                report.tell(now);
            }
            return !busy;
        });
    }

    /** As Redis 7 and those before keep it. */
    private boolean isOnDisk() throws Refused {
        Path directory = Path.of(server.config("dir"));
        String name = server.config("appendfilename");
        Path log;
        try {
            log = directory.resolve(server.config("appenddirname")).resolve(name + ".manifest");
        } catch (Refused e) {
            log = directory.resolve(name); // Redis 6
        }
        try {
            return Files.size(log) > 0 || server.info("keyspace").values().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** A line at the begin, and one every few seconds. */
    private final class Report {

        private final String what;
        private final long from = nanos.getAsLong();
        private long told;

        Report(String what) {
            this.what = what;
            this.told = from - TELL.toNanos();
        }

        void tell(Fields now) {
            long at = nanos.getAsLong();
            if (at - told >= TELL.toNanos()) {
                told = at;
                String share = now.text("current_fork_perc")
                        .map(percent -> ", " + percent + " %")
                        .orElse("");
                progress.accept(what + " is being written" + share + " ("
                        + Duration.ofNanos(at - from).toSeconds() + " s)");
            }
        }
    }
}
