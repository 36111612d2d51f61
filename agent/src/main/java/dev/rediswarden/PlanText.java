package dev.rediswarden;

import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Plan;
import java.io.PrintWriter;

/** A plan as a person would check it in: files as a unified diff, the rest as comments. */
final class PlanText {

    private PlanText() {}

    static void print(Plan plan, PrintWriter out) {
        for (Action action : plan.actions()) {
            if (action instanceof Action.WriteDropIn write) {
                diff(write.path(), write.before(), write.content(), out);
            } else if (action instanceof Action.RemoveDropIn remove) {
                diff(remove.path(), remove.before(), "", out);
            } else if (action instanceof Action.SetKernel kernel) {
                if (!kernel.before().equals(kernel.content())) {
                    diff(kernel.path(), kernel.before(), kernel.content(), out);
                }
                kernel.live().forEach(live -> change(live.file(), live.now(), live.value(), out));
            } else if (action instanceof Action.Configure change) {
                configure(change, out);
            } else {
                out.println("# " + action.text());
            }
        }
        for (Left left : plan.left()) {
            out.println("# left: " + left.unit() + ": " + left.reason() + "; to change it: " + left.command());
        }
        if (plan.isEmpty()) {
            out.println("# nothing to do");
        }
        out.flush();
    }

    /** What runs and what its file says are one, but where only the file is behind. */
    private static void configure(Action.Configure change, PrintWriter out) {
        boolean kept = change.now().equals(change.value());
        change(
                (kept ? "redis.conf of " : "CONFIG of ") + change.unit(),
                change.parameter() + " " + shown(kept ? change.next() : change.now()),
                change.parameter() + " " + shown(change.value()),
                out);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "\"\"" : value;
    }

    private static void change(String where, String before, String after, PrintWriter out) {
        out.println("--- " + where);
        out.println("+++ " + where);
        out.println("@@ -1 +1 @@");
        out.println("-" + before);
        out.println("+" + after);
    }

    /** The files are a few lines each: all of the old goes, all of the new comes. */
    private static void diff(String path, String before, String after, PrintWriter out) {
        long old = before.lines().count();
        long now = after.lines().count();
        out.println("--- " + (before.isEmpty() ? "/dev/null" : path));
        out.println("+++ " + (after.isEmpty() ? "/dev/null" : path));
        out.println("@@ -" + (old == 0 ? "0,0" : "1," + old) + " +" + (now == 0 ? "0,0" : "1," + now) + " @@");
        before.lines().forEach(line -> out.println("-" + line));
        after.lines().forEach(line -> out.println("+" + line));
    }
}
