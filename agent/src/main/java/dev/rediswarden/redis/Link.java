package dev.rediswarden.redis;

import dev.rediswarden.socket.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One connection, authenticated where that was possible. It speaks RESP2: without HELLO every server of the last
 * ten years does, and no reply that is asked for here is better in RESP3.
 */
final class Link implements Closeable {

    private final Route route;
    private final GuardedSocket socket;
    private final Connection connection;
    private boolean authenticated;
    private Optional<String> authError = Optional.empty();
    private Optional<String> refusal = Optional.empty();

    private Link(Route route, GuardedSocket socket) {
        this.route = route;
        this.socket = socket;
        // Jedis connects again by itself, and would do so without AUTH: it gets this one socket, dead or alive.
        this.connection = new Connection(() -> socket);
    }

    /**
     * Connects, sends AUTH where there is a password, and names itself for CLIENT LIST.
     *
     * @throws JedisConnectionException where nobody answers
     * @throws JedisDataException where the server turns every connection away for now (too many clients, protected mode)
     */
    static Link open(Route route, Deadline deadline) {
        Link link;
        try {
            link = new Link(route, Dialer.dial(route, deadline));
        } catch (IOException e) {
            throw new JedisConnectionException(e);
        }
        try {
            link.introduce();
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw link.explained(e);
        }
    }

    private void introduce() {
        if (route.credentials().isPresent()) {
            Credentials credentials = route.credentials().get();
            CommandArguments auth = new CommandArguments(Command.AUTH);
            credentials.user().ifPresent(auth::add);
            Object reply = ask(auth.add(credentials.password())).get(0);
            if (reply instanceof JedisDataException e) {
                authFailed(e);
            } else {
                authenticated = true;
            }
        }
        Object reply = ask(new CommandArguments(Command.CLIENT).add("SETNAME").add("redis-warden"))
                .get(0);
        if (reply instanceof JedisDataException e && turnsAway(e)) {
            throw e;
        }
    }

    /** Since TLS 1.3 a server looks at our certificate after the handshake: it hangs up on us, but it is there. */
    private RuntimeException explained(RuntimeException e) {
        boolean hungUp = e instanceof JedisConnectionException && Failure.of(e).kind() == Failure.Kind.REFUSED;
        return hungUp && route.address() instanceof Address.Tcp tcp && tcp.tls()
                ? new JedisConnectionException(new SSLException("the server hung up after the handshake: it may want a"
                        + " certificate of its clients (tls-auth-clients)"))
                : e;
    }

    private void authFailed(JedisDataException e) {
        if (turnsAway(e)) {
            throw e;
        }
        // Of a command that it does not know, Redis repeats the arguments.
        String message = String.valueOf(e.getMessage()).replaceFirst("(?s),? with args beginning with.*", "");
        authError = Optional.of(message);
        // A password for a server that asks for none is no obstacle; Redis 5 and 6 word it differently.
        if (!message.contains("no password is set") && !message.contains("without any password")) {
            refusal = Optional.of(message);
        }
    }

    private static boolean turnsAway(JedisDataException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith("ERR max number of clients")
                || message.startsWith("DENIED")
                || message.startsWith("LOADING")
                || message.startsWith("BUSY");
    }

    /** Sends all commands at once and reads as many replies; an error reply is a JedisDataException among them. */
    List<Object> ask(CommandArguments... commands) {
        try {
            for (CommandArguments command : commands) {
                connection.sendCommand(command);
            }
            List<Object> replies = new ArrayList<>(commands.length);
            for (int i = 0; i < commands.length; i++) {
                try {
                    replies.add(connection.getOne());
                } catch (JedisDataException e) {
                    replies.add(e);
                }
            }
            return replies;
        } catch (RuntimeException e) {
            // Where an answer is missing, the next one would be taken for it.
            close();
            throw e;
        }
    }

    void begin(Deadline deadline) {
        socket.begin(deadline);
    }

    boolean isOpen() {
        return !socket.isClosed();
    }

    /** True where the server accepted our password. */
    boolean isAuthenticated() {
        return authenticated;
    }

    /** The error reply to AUTH, where there was one. */
    Optional<String> authError() {
        return authError;
    }

    /** What an operator must know once the server does not let us in: its reply to AUTH, or why there was none. */
    String refusal(String reply) {
        return refusal.orElseGet(() -> reply + (route.hint().isEmpty() ? "" : " (" + route.hint() + ")"));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is lost with it.
        }
    }
}
