package dev.rediswarden.plan;

import java.util.List;
import java.util.stream.Collectors;

/** One change of the host. */
public sealed interface Action {

    /** The unit that it is about. */
    String unit();

    /** Has systemd start the unit at each boot. */
    record Enable(String unit) implements Action {

        @Override
        public String text() {
            return "enable " + unit;
        }
    }

    /**
     * Starts a unit that does not run.
     *
     * @param failure systemd's result for it: {@code exit-code}, {@code start-limit-hit}, …; empty where it has not
     *     failed and a person asks
     */
    record Start(String unit, String failure) implements Action {

        @Override
        public String text() {
            return "start " + unit + (failure.isEmpty() ? "" : " (failed with result " + failure + ")");
        }
    }

    /**
     * Writes a drop-in, or writes it anew.
     *
     * @param before what the file says now; empty where there is none
     */
    record WriteDropIn(String unit, String path, String before, String content) implements Action {

        @Override
        public String text() {
            return "order " + unit + " (write " + path + ")";
        }
    }

    /** Takes a drop-in of ours away. */
    record RemoveDropIn(String unit, String path, String before) implements Action {

        @Override
        public String text() {
            return "no longer order " + unit + " (remove " + path + ")";
        }
    }

    /**
     * Sets a parameter of a server, while it runs and in its redis.conf.
     *
     * @param instance the configuration's name for the server
     * @param now what CONFIG GET shows
     * @param next what a restart would load
     * @param value what both are to be
     */
    record Configure(String instance, String unit, String parameter, String now, String next, String value)
            implements Action {

        @Override
        public String text() {
            String what = parameter + " " + (value.isEmpty() ? "\"\"" : value) + " of " + unit;
            return now.equals(value) ? "keep " + what + " for the next start" : "set " + what;
        }
    }

    /**
     * Has a boot set something in the kernel, and sets it now.
     *
     * @param path of the file that a boot reads; empty where the running kernel alone is set
     * @param before what the file says now; empty where there is none
     * @param content what it is to say; empty where it is to go
     * @param live what is not so yet in the running kernel
     */
    record SetKernel(String path, String before, String content, List<Live> live) implements Action {

        /** A setting's file under /proc or /sys, what is in it and what is to be. */
        public record Live(String file, String now, String value) {}

        public SetKernel {
            live = List.copyOf(live);
        }

        @Override
        public String unit() {
            return "kernel";
        }

        @Override
        public String text() {
            String now = live.stream()
                    .map(one -> one.file() + " to " + one.value())
                    .collect(Collectors.joining(", ", live.isEmpty() ? "" : "set ", ""));
            String file = path.isEmpty() ? "" : (content.isEmpty() ? "remove " : "write ") + path;
            return now + (now.isEmpty() || file.isEmpty() ? "" : ", and ") + file;
        }
    }

    /** What is done, for a person. */
    String text();
}
