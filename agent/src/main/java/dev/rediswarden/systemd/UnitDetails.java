package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.UnitState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * All that is read of a unit when something about it has changed.
 *
 * @param owner systemd's unique name on the bus
 * @param restarts NRestarts: automatic restarts since the last start by hand
 */
record UnitDetails(
        String owner,
        UnitRow row,
        String fileState,
        boolean needDaemonReload,
        Instant stateChangedAt,
        List<String> wantedBy,
        String result,
        String restart,
        long activeEnteredMicros,
        long mainPid,
        OptionalInt user,
        long restarts,
        OptionalLong memoryMax,
        OptionalLong memoryHigh,
        OptionalLong openFiles) {

    /** systemd's word for none ({@code UID_INVALID}). */
    private static final long NO_USER = 0xFFFF_FFFFL;

    /** Reads the unit of this row, and has its signals sent from before that on. */
    static UnitDetails read(Link link, UnitRow unit) throws BusException {
        List<Call> first = link.matching(UnitSignals.rules(unit));
        List<Call> questions = List.of(
                // Each time: a systemd that was executed anew may have forgotten, and being told twice costs nothing.
                Systemd.manager("Subscribe"),
                // The row once more, so that it and the rest are of one moment.
                UnitRow.question(List.of(unit.id())),
                // What a reboot will find on disk; the property is what systemd saw when it last loaded the unit.
                Systemd.manager("GetUnitFileState", "s", unit.id()),
                Systemd.ofUnit(unit.path(), "UnitFileState"),
                Systemd.ofUnit(unit.path(), "NeedDaemonReload"),
                Systemd.ofUnit(unit.path(), "StateChangeTimestamp"),
                Systemd.ofUnit(unit.path(), "WantedBy"),
                Systemd.ofUnit(unit.path(), "RequiredBy"),
                Systemd.ofService(unit.path(), "Result"),
                Systemd.ofService(unit.path(), "Restart"),
                Systemd.ofUnit(unit.path(), "ActiveEnterTimestampMonotonic"),
                Systemd.ofService(unit.path(), "MainPID"),
                Systemd.ofService(unit.path(), "UID"),
                Systemd.ofService(unit.path(), "NRestarts"),
                Systemd.ofService(unit.path(), "MemoryMax"),
                Systemd.ofService(unit.path(), "MemoryHigh"),
                Systemd.ofService(unit.path(), "LimitNOFILE"));
        Iterator<Answer> answers = link.ask(
                        Stream.concat(first.stream(), questions.stream()).toList())
                .listIterator(first.size());

        String owner = answers.next().sender();
        UnitRow row = UnitRow.of(answers.next()).get(0);
        Answer onDisk = answers.next();
        Answer loaded = answers.next();
        boolean needDaemonReload = answers.next().truth();
        Instant stateChangedAt = Instant.EPOCH.plus(answers.next().number(), ChronoUnit.MICROS);
        List<String> wantedBy = new ArrayList<>(answers.next().names());
        wantedBy.addAll(answers.next().names());
        return new UnitDetails(
                owner,
                row,
                (onDisk.errorName().isEmpty() ? onDisk : loaded).text(),
                needDaemonReload,
                stateChangedAt,
                List.copyOf(wantedBy),
                answers.next().text(),
                answers.next().text(),
                answers.next().number(),
                answers.next().number(),
                user(answers.next().number()),
                answers.next().number(),
                limit(answers.next()),
                limit(answers.next()),
                limit(answers.next()));
    }

    /** systemd's word for none is 2⁶⁴ - 1; one that is older than the property has none. */
    private static OptionalLong limit(Answer answer) throws BusException {
        long most = answer.isOfNothing() ? -1 : answer.number();
        return most < 0 ? OptionalLong.empty() : OptionalLong.of(most);
    }

    private static OptionalInt user(long number) {
        return number == NO_USER ? OptionalInt.empty() : OptionalInt.of((int) number);
    }

    UnitState state(long restartsInWindow) {
        return new UnitState(
                row.id(),
                row.loadState(),
                fileState,
                row.activeState(),
                row.subState(),
                result,
                restart,
                activeEnteredMicros,
                mainPid,
                user,
                restartsInWindow,
                needDaemonReload,
                stateChangedAt,
                wantedBy,
                memoryMax,
                memoryHigh,
                openFiles);
    }
}
