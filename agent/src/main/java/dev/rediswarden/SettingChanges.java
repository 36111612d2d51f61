package dev.rediswarden;

import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.systemd.Decisions.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes settings as they are wished, as a person asks or by itself.
 *
 * @param state a directory that only root can read
 */
record SettingChanges(Settings settings, Path state, Account account) {

    /** Makes good what an interrupted run has left half done. */
    void recover() throws IOException {
        settings.recover().forEach(text -> {
            account.out().println(text);
            account.decisions().tell(Kind.TAKEN_BACK, "redis-warden.service", text);
        });
    }

    /** @param told each outcome as it comes */
    List<Outcome> carryOut(Plan plan, Consumer<Outcome> told) throws IOException {
        return settings.carryOut(plan, this::progress, outcome -> {
            told.accept(outcome);
            account.out().flush();
        });
    }

    private void progress(String line) {
        account.out().println("…       " + line);
        account.out().flush();
    }

    /** How often each was put right by itself. */
    InsistenceFile insistences() {
        return new InsistenceFile(state.resolve("insisted"));
    }

    /** A person has decided: whatever was given up is begun anew. */
    void forget() throws IOException {
        insistences().write(Map.of());
        Stewardship before = account.before();
        if (!before.contested().isEmpty()) {
            account.published().write(before.about(before.actions(), List.of()));
        }
    }
}
