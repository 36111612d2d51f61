package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.messages.constants.Flags;

/**
 * One connection to a bus, for as long as it lives: the library's messages over a socket, read by one thread. The
 * library's own connection would start five more, introspect objects that nobody asks for, keep unanswered calls for
 * ever, and know neither a signal's sender by its well-known name nor an argument in a rule.
 */
final class Link implements AutoCloseable {

    private static final Call HELLO =
            Call.of("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello");

    /** systemd came (back) to the bus, or left it. */
    private static final Call SYSTEMD_OWNER_CHANGED = Call.addMatch("type='signal',sender='org.freedesktop.DBus',"
            + "path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',"
            + "arg0='org.freedesktop.systemd1'");

    private static final MessageFactory MESSAGES = new MessageFactory(Endian.LITTLE);

    /** How many answers may be outstanding: the bus refuses the 129th (max_replies_per_connection, dbus-daemon(1)). */
    private static final int MOST_AT_ONCE = 64;

    private final BusSocket socket;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final Consumer<DBusSignal> onSignal;
    private final Map<Long, CompletableFuture<Message>> awaited = new ConcurrentHashMap<>();
    private final Set<String> matches = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    private Link(BusSocket socket, Duration timeout, LongSupplier nanoTime, Consumer<DBusSignal> onSignal) {
        this.socket = socket;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.onSignal = onSignal;
    }

    /**
     * Connects, authenticates and says Hello.
     *
     * @param timeout for connecting, and then for all questions of one {@link #ask} together
     * @param onSignal called for each signal that arrives, on the thread that reads: it must be quick
     */
    static Link open(String address, Duration timeout, LongSupplier nanoTime, Consumer<DBusSignal> onSignal)
            throws IOException, BusException {
        Link link = new Link(BusSocket.connect(address, timeout, nanoTime), timeout, nanoTime, onSignal);
        Thread reader = new Thread(link::read, "bus");
        reader.setDaemon(true);
        reader.start();
        for (Answer answer : link.ask(List.of(HELLO, SYSTEMD_OWNER_CHANGED))) {
            answer.confirm();
        }
        return link;
    }

    boolean isOpen() {
        return open;
    }

    /** Asks several questions at once; the answers are in the order of the questions, errors among them. */
    List<Answer> ask(List<Call> calls) throws BusException {
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        List<Answer> answers = new ArrayList<>(calls.size());
        while (answers.size() < calls.size()) {
            int most = Math.min(calls.size(), answers.size() + MOST_AT_ONCE);
            ask(calls.subList(answers.size(), most), deadline, answers);
        }
        return answers;
    }

    private void ask(List<Call> calls, long deadline, List<Answer> answers) throws BusException {
        List<MethodCall> sent = new ArrayList<>(calls.size());
        try {
            for (Call call : calls) {
                sent.add(message(call));
            }
            send(sent);
            for (MethodCall message : sent) {
                answers.add(answer(message, deadline));
            }
        } catch (DBusException | IOException | RuntimeException e) {
            close();
            throw new BusException(Cause.UNAVAILABLE, "the connection to the bus broke: " + e.getMessage());
        } finally {
            sent.forEach(message -> awaited.remove(message.getSerial()));
        }
    }

    /** The questions which this connection must put first so that the rules' signals arrive; none if it has. */
    List<Call> matching(String... rules) {
        return Arrays.stream(rules).filter(matches::add).map(Call::addMatch).toList();
    }

    private static MethodCall message(Call call) throws DBusException {
        return MESSAGES.createMethodCall(
                call.destination(),
                call.path(),
                call.interfaceName(),
                call.member(),
                Flags.NO_AUTO_START,
                call.signature().isEmpty() ? null : call.signature(),
                call.arguments().toArray());
    }

    private void send(List<MethodCall> messages) throws DBusException, IOException {
        for (MethodCall message : messages) {
            awaited.put(message.getSerial(), new CompletableFuture<>());
        }
        synchronized (this) {
            if (!open) {
                throw new IOException("it is closed");
            }
            socket.write(messages);
        }
    }

    private Answer answer(MethodCall call, long deadline) throws BusException, DBusException, IOException {
        CompletableFuture<Message> answer = awaited.get(call.getSerial());
        if (answer == null || !open) {
            throw new IOException("no answer came before");
        }
        try {
            Message reply = answer.get(Math.max(1, deadline - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
            String errorName = reply instanceof Error ? reply.getName() : "";
            String sender = reply.getSource();
            return new Answer(sender == null ? "" : sender, errorName, Arrays.asList(reply.getParameters()));
        } catch (TimeoutException e) {
            // A bus that is silent may stay so: start afresh.
            close();
            throw new BusException(
                    Cause.TIMEOUT, "no answer to " + call.getName() + " within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new IOException("no answer came before", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusException(Cause.TIMEOUT, "interrupted while waiting for an answer to " + call.getName());
        }
    }

    /** Until the connection ends, whoever ends it; what still waits then is told. */
    private void read() {
        try {
            WholeMessageReader messages = new WholeMessageReader(socket.input());
            while (open) {
                take(messages.readMessage());
            }
        } catch (IOException | DBusException | RuntimeException e) {
            // Whatever it was, nothing more will be understood.
        } finally {
            synchronized (this) {
                open = false;
            }
            socket.close();
            awaited.values().forEach(answer -> answer.completeExceptionally(new IOException("the bus is gone")));
        }
    }

    private void take(Message message) {
        if (message instanceof DBusSignal signal) {
            onSignal.accept(signal);
            return;
        }
        CompletableFuture<Message> answer = awaited.get(message.getReplySerial());
        if (answer != null) {
            answer.complete(message);
        }
    }

    /** Ends the connection; harmless when it has ended already. The thread that reads closes the socket. */
    @Override
    public void close() {
        synchronized (this) {
            open = false;
        }
        socket.hangUp();
    }
}
