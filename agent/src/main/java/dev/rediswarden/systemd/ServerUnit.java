package dev.rediswarden.systemd;

import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.types.UInt32;

/**
 * The unit of a server, as far as somebody who waits for that server must know it.
 *
 * @param id the unit's real name
 * @param isStopped whether it does not run and nothing is about to start it: no job, no restart of systemd's
 */
public record ServerUnit(String id, boolean isStopped) {

    /** Of the names the first that systemd knows; empty where it knows none, or does not answer. */
    public static Optional<ServerUnit> of(Bus bus, List<String> names) {
        try {
            Answer answer = bus.link().ask(List.of(UnitRow.question(names))).get(0);
            List<?> fields = answer.as(List.class);
            List<UnitRow> rows = UnitRow.all(answer);
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).isKnown()) {
                    boolean stopped = rows.get(i).activeState().equals("inactive") && !hasJob(fields.get(i));
                    return Optional.of(new ServerUnit(rows.get(i).id(), stopped));
                }
            }
        } catch (BusException e) {
            // What is not known is waited for.
        }
        return Optional.empty();
    }

    private static boolean hasJob(Object row) {
        return row instanceof Object[] fields
                && fields.length > 7
                && fields[7] instanceof UInt32 job
                && job.longValue() != 0;
    }
}
