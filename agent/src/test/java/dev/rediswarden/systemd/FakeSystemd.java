package dev.rediswarden.systemd;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/** The part of systemd's bus interface that the probe uses, with units that a test sets, on a real bus. */
public final class FakeSystemd implements AutoCloseable {

    private static final String PATH = "/org/freedesktop/systemd1";

    /** As org.freedesktop.systemd1(5) has it. */
    @DBusInterfaceName("org.freedesktop.systemd1.Manager")
    public interface Manager extends DBusInterface {
        List<Row> ListUnitsByNames(List<String> names);

        String GetUnitFileState(String name);

        void Subscribe();
    }

    /** ListUnitsByNames' {@code (ssssssouso)}. */
    public static final class Row extends Struct {
        @Position(0)
        public final String id;

        @Position(1)
        public final String description = "";

        @Position(2)
        public final String loadState;

        @Position(3)
        public final String activeState;

        @Position(4)
        public final String subState;

        @Position(5)
        public final String following = "";

        @Position(6)
        public final DBusPath path;

        @Position(7)
        public final UInt32 job;

        @Position(8)
        public final String jobType = "";

        @Position(9)
        public final DBusPath jobPath = new DBusPath("/");

        Row(String id, String loadState, String activeState, String subState, long job) {
            this.id = id;
            this.loadState = loadState;
            this.activeState = activeState;
            this.subState = subState;
            this.path = new DBusPath(pathOf(id));
            this.job = new UInt32(job);
        }
    }

    private final DBusConnection connection;
    private final Map<String, Unit> units = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile String subscriber = "";
    volatile CountDownLatch holdUp = new CountDownLatch(0);

    FakeSystemd(String address) throws DBusException {
        connection = DBusConnectionBuilder.forAddress(address).withShared(false).build();
        connection.exportObject(PATH, new ManagerObject());
        connection.requestBusName("org.freedesktop.systemd1");
    }

    /** Adds a unit, active and enabled. */
    Unit unit(String id) throws DBusException {
        Unit unit = new Unit(id);
        units.put(id, unit);
        connection.exportObject(pathOf(id), unit);
        return unit;
    }

    void alias(String name, Unit unit) {
        units.put(name, unit);
    }

    void emit(String path, String interfaceName, String member, String signature, Object... arguments)
            throws DBusException {
        connection.sendMessage(connection
                .getMessageFactory()
                .createSignal(connection.getUniqueName(), path, interfaceName, member, signature, arguments));
    }

    void emitReloading(boolean active) throws DBusException {
        emit(PATH, "org.freedesktop.systemd1.Manager", "Reloading", "b", active);
    }

    void emitUnitFilesChanged() throws DBusException {
        emit(PATH, "org.freedesktop.systemd1.Manager", "UnitFilesChanged", "");
    }

    void emitJobRemoved(String unit) throws DBusException {
        DBusPath job = new DBusPath(PATH + "/job/7");
        emit(PATH, "org.freedesktop.systemd1.Manager", "JobRemoved", "uoss", new UInt32(7), job, unit, "done");
    }

    void emitPropertiesChanged(String unit) throws DBusException {
        emit(
                pathOf(unit),
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                "sa{sv}as",
                "org.freedesktop.systemd1.Unit",
                new HashMap<String, Variant<?>>(),
                new ArrayList<>(List.of("ActiveState")));
    }

    /** systemd's own escaping: {@code redis-server.service} is {@code redis_2dserver_2eservice}. */
    static String pathOf(String id) {
        StringBuilder path = new StringBuilder(PATH + "/unit/");
        id.chars().forEach(c -> path.append(Character.isLetterOrDigit(c) ? "" + (char) c : "_%02x".formatted(c)));
        return path.toString();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** One unit's object. */
    public static final class Unit implements Properties {
        private final String id;
        volatile Row row;
        private final Map<String, Variant<?>> properties = new ConcurrentHashMap<>();
        volatile String fileState = "enabled";

        Unit(String id) {
            this.id = id;
            this.row = new Row(id, "loaded", "active", "running", 0);
            set("UnitFileState", "enabled");
            set("NeedDaemonReload", false);
            set("StateChangeTimestamp", new UInt64(1_700_000_000_123_456L));
            properties.put("WantedBy", new Variant<>(List.of("multi-user.target"), "as"));
            properties.put("RequiredBy", new Variant<>(List.of("site.service"), "as"));
            set("Result", "success");
            set("Restart", "always");
            set("ActiveEnterTimestampMonotonic", new UInt64(5_000_000));
            set("MainPID", new UInt32(4242));
            set("UID", new UInt32(105));
            set("NRestarts", new UInt32(0));
            set("MemoryMax", new UInt64(new BigInteger("18446744073709551615")));
            set("MemoryHigh", new UInt64(1L << 30));
            set("LimitNOFILE", new UInt64(65_535));
        }

        void set(String property, Object value) {
            properties.put(property, new Variant<>(value));
        }

        void forget(String property) {
            properties.remove(property);
        }

        void after(String... names) {
            properties.put("After", new Variant<>(List.of(names), "as"));
        }

        void state(String loadState, String activeState, String subState) {
            row = new Row(id, loadState, activeState, subState, 0);
        }

        void job(long number) {
            row = new Row(id, row.loadState, row.activeState, row.subState, number);
        }

        @Override
        @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
        public <A> A Get(String interfaceName, String property) {
            return (A) properties.get(property);
        }

        @Override
        public <A> void Set(String interfaceName, String property, A value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Variant<?>> GetAll(String interfaceName) {
            return properties;
        }

        @Override
        public String getObjectPath() {
            return pathOf(id);
        }
    }

    /** The manager's object. */
    public final class ManagerObject implements Manager {
        @Override
        public List<Row> ListUnitsByNames(List<String> names) {
            calls.add("ListUnitsByNames " + String.join(" ", names));
            try {
                holdUp.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return names.stream()
                    .map(name -> units.containsKey(name)
                            ? units.get(name).row
                            : new Row(name, "not-found", "inactive", "dead", 0))
                    .toList();
        }

        @Override
        public String GetUnitFileState(String name) {
            calls.add("GetUnitFileState " + name);
            return Objects.requireNonNull(units.get(name)).fileState;
        }

        @Override
        public void Subscribe() {
            subscriber = DBusConnection.getCallInfo().getSource();
            calls.add("Subscribe");
        }

        @Override
        public String getObjectPath() {
            return PATH;
        }
    }
}
