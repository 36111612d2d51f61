package dev.rediswarden.redis;

import dev.rediswarden.socket.Deadline;
import dev.rediswarden.socket.UnixStreamSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connects to an address over TCP, TLS or a unix socket. */
final class Dialer {

    private Dialer() {}

    static GuardedSocket dial(Route route, Deadline deadline) throws IOException {
        Socket socket;
        if (route.address() instanceof Address.Unix unix) {
            socket = UnixStreamSocket.connect(unix.path(), deadline.millisLeft());
        } else {
            Address.Tcp tcp = (Address.Tcp) route.address();
            Socket plain = tcp(tcp, deadline);
            socket = tcp.tls() ? tls(plain, tcp, route, deadline) : plain;
        }
        return new GuardedSocket(socket, deadline);
    }

    /** Every address of a name in turn: {@code localhost} may mean ::1 alone to the server. */
    private static Socket tcp(Address.Tcp address, Deadline deadline) throws IOException {
        IOException failure = new ConnectException("no address");
        for (InetAddress host : InetAddress.getAllByName(address.host())) {
            Socket socket = new Socket(Proxy.NO_PROXY);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(host, address.port()), deadline.millisLeft());
                return socket;
            } catch (SocketTimeoutException e) {
                socket.close();
                throw e;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private static Socket tls(Socket plain, Address.Tcp address, Route route, Deadline deadline) throws IOException {
        try {
            plain.setSoTimeout(deadline.millisLeft());
            SSLSocket socket =
                    (SSLSocket) route.trust().sockets().createSocket(plain, address.host(), address.port(), true);
            if (route.trust().named()) {
                SSLParameters parameters = socket.getSSLParameters();
                // Without this Java checks who signed the certificate, but not whose it is (RFC 2818, 3.1).
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return socket;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }
}
