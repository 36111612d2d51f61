package dev.rediswarden.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** What no real Redis does: each connection is handed to a script, on TCP or on a unix socket. */
final class ScriptedServer implements AutoCloseable {

    /** One connection's side of the talk; an exception ends the connection. */
    interface Script {
        void talk(Peer peer) throws IOException;
    }

    /** A connection as a script sees it. */
    record Peer(SocketChannel channel) {

        /** Waits for the next request; its content does not matter here. */
        void hear() throws IOException {
            if (channel.read(ByteBuffer.allocate(4096)) < 0) {
                throw new IOException("the client hung up");
            }
        }

        void say(String reply) throws IOException {
            channel.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.US_ASCII)));
        }

        /** Says no more, until the client hangs up. */
        void stall() throws IOException {
            while (true) {
                hear();
            }
        }
    }

    private final ServerSocketChannel listener;
    private final AtomicInteger connections = new AtomicInteger();

    private ScriptedServer(ServerSocketChannel listener, SocketAddress address, Script script) throws IOException {
        this.listener = listener;
        listener.bind(address);
        Thread acceptor = new Thread(() -> accept(script), "scripted-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    static ScriptedServer onTcp(Script script) {
        try {
            return new ScriptedServer(
                    ServerSocketChannel.open(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ScriptedServer onUnix(Path path, Script script) {
        try {
            return new ScriptedServer(
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(Script script) {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                connections.incrementAndGet();
                Thread talk = new Thread(() -> talk(script, channel), "scripted-connection");
                talk.setDaemon(true);
                talk.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void talk(Script script, SocketChannel channel) {
        try (channel) {
            script.talk(new Peer(channel));
        } catch (IOException e) {
            // The client went away: the end of every script.
        }
    }

    /** How many connections there were so far. */
    int connections() {
        return connections.get();
    }

    String url() {
        try {
            return listener.getLocalAddress() instanceof UnixDomainSocketAddress unix
                    ? "unix://" + unix.getPath()
                    : "redis://127.0.0.1:" + listener.socket().getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
