package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Flags;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a bus, for as long as it lives. It speaks in plain messages: the library's proxies would ask for
 * introspection, cost reflection at each call and wait for 20 s.
 */
final class Link implements AutoCloseable {

    /** How soon a broken connection is noticed while waiting on it, in milliseconds. */
    private static final long SLICE = 100;

    private final DBusConnection connection;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final Set<String> matches = ConcurrentHashMap.newKeySet();

    private Link(DBusConnection connection, Duration timeout, LongSupplier nanoTime) {
        this.connection = connection;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /**
     * Connects, authenticates and says Hello. Blocks without a bound where the bus accepts and then stays silent.
     *
     * @param timeout for all questions of one {@link #ask} together
     */
    static Link open(String address, Duration timeout, LongSupplier nanoTime, Consumer<DBusSignal> onSignal)
            throws DBusException {
        AtomicReference<AbstractTransport> transport = new AtomicReference<>();
        try {
            DBusConnection connection = connect(address, transport);
            connection.addGenericSigHandler(new EverySignal(), onSignal::accept);
            return new Link(connection, timeout, nanoTime);
        } catch (DBusException | RuntimeException e) {
            // The library leaves the socket and its reader thread behind when Hello fails.
            hangUp(transport.get());
            throw e;
        }
    }

    private static DBusConnection connect(String address, AtomicReference<AbstractTransport> transport)
            throws DBusException {
        return DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .transportConfig()
                // One attempt, without the library's pauses of 500 ms: the next reading is the next attempt.
                .withTimeout(500)
                .withPreConnectCallback(transport::set)
                .back()
                .receivingThreadConfig()
                .withSignalThreadCount(1)
                .withMethodCallThreadCount(1)
                .withMethodReturnThreadCount(1)
                .withErrorHandlerThreadCount(1)
                .connectionConfig()
                .build();
    }

    boolean isOpen() {
        return connection.isConnected();
    }

    /** Asks several questions at once; the answers are in the order of the questions, errors among them. */
    List<Answer> ask(List<Call> calls) throws BusException {
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        try {
            List<MethodCall> sent = new ArrayList<>(calls.size());
            for (Call call : calls) {
                MethodCall message = message(call);
                connection.sendMessage(message);
                sent.add(message);
            }
            List<Answer> answers = new ArrayList<>(calls.size());
            for (MethodCall message : sent) {
                answers.add(answer(message, deadline));
            }
            return answers;
        } catch (DBusException | RuntimeException e) {
            close();
            throw new BusException(Cause.UNAVAILABLE, "the connection to the bus broke: " + e.getMessage());
        }
    }

    /** The questions which this connection must put first so that the rules' signals arrive; none if it has. */
    List<Call> matching(String... rules) {
        return Arrays.stream(rules).filter(matches::add).map(Call::addMatch).toList();
    }

    private MethodCall message(Call call) throws DBusException {
        return connection
                .getMessageFactory()
                .createMethodCall(
                        call.destination(),
                        call.path(),
                        call.interfaceName(),
                        call.member(),
                        Flags.NO_AUTO_START,
                        call.signature().isEmpty() ? null : call.signature(),
                        call.arguments().toArray());
    }

    private Answer answer(MethodCall call, long deadline) throws BusException, DBusException {
        Message reply = await(call, Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - nanoTime.getAsLong())));
        if (reply == null) {
            boolean lost = !isOpen();
            // The library keeps an unanswered call for ever, and a late answer would be nobody's: start afresh.
            close();
            throw lost
                    ? new BusException(Cause.UNAVAILABLE, "the connection to the bus broke before an answer came")
                    : new BusException(
                            Cause.TIMEOUT, "no answer to " + call.getName() + " within " + timeout.toMillis() + " ms");
        }
        String errorName = reply instanceof Error ? reply.getName() : "";
        String sender = reply.getSource();
        return new Answer(sender == null ? "" : sender, errorName, Arrays.asList(reply.getParameters()));
    }

    /** In slices: a call that was still queued when the connection broke is told nothing by the library. */
    private @Nullable Message await(MethodCall call, long millis) {
        long left = millis;
        Message reply = call.getReply(Math.min(left, SLICE));
        while (reply == null && left > SLICE && isOpen()) {
            left -= SLICE;
            reply = call.getReply(Math.min(left, SLICE));
        }
        return reply;
    }

    /** Ends the connection; harmless when it has ended already. */
    @Override
    public void close() {
        try {
            connection.disconnect();
        } catch (RuntimeException e) {
            // The library races with its own reader thread here; either way the connection is gone.
        }
    }

    /** Has the reader thread see an end of the stream, and clean up; were it closed, that thread would spin. */
    private static void hangUp(@Nullable AbstractTransport transport) {
        try {
            if (transport != null && transport.getTransportConnection() != null) {
                transport.getTransportConnection().getChannel().shutdownInput();
            }
        } catch (IOException | RuntimeException e) {
            // Closed by the other side: what was wanted.
        }
    }
}
