package dev.rediswarden.plan;

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

    /** What is done, for a person. */
    String text();
}
