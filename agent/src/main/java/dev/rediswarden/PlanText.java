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
