package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.UnitState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.DBusPath;

/** The questions to systemd's manager and unit objects, as org.freedesktop.systemd1(5) describes them. */
final class Systemd {

    static final String NAME = "org.freedesktop.systemd1";
    static final String PATH = "/org/freedesktop/systemd1";
    static final String MANAGER = "org.freedesktop.systemd1.Manager";
    static final String UNIT = "org.freedesktop.systemd1.Unit";
    static final String SERVICE = "org.freedesktop.systemd1.Service";

    private Systemd() {}

    /**
     * The units of these names, in their order; names that nothing is known of are rows as well. It is the cheapest
     * question there is: one small answer where GetAll has a hundred properties, and where PID 1 reads no cgroup.
     */
    static List<UnitRow> rows(Link link, List<String> names) throws BusException {
        Call call = new Call(NAME, PATH, MANAGER, "ListUnitsByNames", "as", List.of(names));
        List<UnitRow> rows = new ArrayList<>(names.size());
        for (Object row : link.ask(List.of(call)).get(0).as(List.class)) {
            if (!(row instanceof Object[] fields) || fields.length < 7) {
                throw new BusException(Cause.FAILED, "ListUnitsByNames answered something else");
            }
            String path = fields[6] instanceof DBusPath object ? object.getPath() : String.valueOf(fields[6]);
            rows.add(new UnitRow(text(fields[0]), text(fields[2]), text(fields[3]), text(fields[4]), path));
        }
        if (rows.isEmpty()) {
            throw new BusException(Cause.FAILED, "no valid unit name among " + names);
        }
        return rows;
    }

    /** All of the unit's state, and from now on its signals too. */
    static UnitDetails details(Link link, UnitRow row) throws BusException {
        List<Call> calls = new ArrayList<>(link.matching(UnitSignals.rules(row)));
        int subscribed = calls.size();
        // Each time: a systemd that was executed anew may have forgotten, and being told twice costs it nothing.
        calls.add(Call.of(NAME, PATH, MANAGER, "Subscribe"));
        // UnitFileState below is what systemd saw when it last loaded the unit, this is what a reboot will find.
        calls.add(new Call(NAME, PATH, MANAGER, "GetUnitFileState", "s", List.of(row.id())));
        calls.add(Call.property(NAME, row.path(), UNIT, "UnitFileState"));
        calls.add(Call.property(NAME, row.path(), UNIT, "NeedDaemonReload"));
        calls.add(Call.property(NAME, row.path(), UNIT, "StateChangeTimestamp"));
        calls.add(Call.property(NAME, row.path(), UNIT, "WantedBy"));
        calls.add(Call.property(NAME, row.path(), UNIT, "RequiredBy"));
        calls.add(Call.property(NAME, row.path(), SERVICE, "Result"));
        calls.add(Call.property(NAME, row.path(), SERVICE, "MainPID"));
        calls.add(Call.property(NAME, row.path(), SERVICE, "NRestarts"));
        List<Answer> all = link.ask(calls);
        List<Answer> answers = all.subList(subscribed, all.size());
        Answer onDisk = answers.get(1);
        List<String> wantedBy = new ArrayList<>(answers.get(5).names());
        wantedBy.addAll(answers.get(6).names());
        return new UnitDetails(
                answers.get(0).sender(),
                (onDisk.errorName().isEmpty() ? onDisk : answers.get(2)).text(),
                answers.get(3).truth(),
                Instant.EPOCH.plus(answers.get(4).number(), ChronoUnit.MICROS),
                List.copyOf(wantedBy),
                answers.get(7).text(),
                answers.get(8).number(),
                answers.get(9).number());
    }

    /**
     * What is read of a unit when something about it has changed.
     *
     * @param owner systemd's unique name on the bus
     * @param restarts NRestarts: automatic restarts since the last start by hand
     */
    record UnitDetails(
            String owner,
            String fileState,
            boolean needDaemonReload,
            Instant stateChangedAt,
            List<String> wantedBy,
            String result,
            long mainPid,
            long restarts) {

        UnitState of(UnitRow row, long restartsInWindow) {
            return new UnitState(
                    row.id(),
                    row.loadState(),
                    fileState,
                    row.activeState(),
                    row.subState(),
                    result,
                    mainPid,
                    restartsInWindow,
                    needDaemonReload,
                    stateChangedAt,
                    wantedBy);
        }
    }

    private static String text(Object value) {
        return String.valueOf(value);
    }
}
