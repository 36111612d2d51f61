package dev.rediswarden.docker;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.socket.Deadline;
import dev.rediswarden.socket.Pem;
import dev.rediswarden.socket.TimedSocket;
import dev.rediswarden.socket.TlsManagers;
import dev.rediswarden.socket.UnixStreamSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connects to an engine: at its socket, or over TCP, by TLS with a certificate of the agent's own (dockerd(8), --tlsverify). */
record EngineSocket(Engine engine) {

    /** Every wait of it ends at the deadline. */
    Socket connect(Deadline deadline) throws IOException {
        return engine.door() instanceof Engine.Unix unix
                ? new TimedSocket(UnixStreamSocket.connect(Path.of(unix.socket()), deadline.millisLeft()), deadline)
                : connect((Engine.Tcp) engine.door(), deadline);
    }

    private static Socket connect(Engine.Tcp door, Deadline deadline) throws IOException {
        InetSocketAddress address = new InetSocketAddress(door.host(), door.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException(door.host());
        }
        Socket plain = new Socket(Proxy.NO_PROXY);
        try {
            plain.connect(address, deadline.millisLeft());
            TimedSocket timed = new TimedSocket(plain, deadline);
            return door.tls().isPresent() ? over(timed, door, door.tls().get()) : timed;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** The files are read each time: who renews a certificate need tell nobody. */
    private static Socket over(Socket connected, Engine.Tcp door, Engine.Tls tls) throws IOException {
        SSLSocket socket =
                (SSLSocket) context(tls).getSocketFactory().createSocket(connected, door.host(), door.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(Engine.Tls tls) throws IOException {
        try {
            List<X509Certificate> chain = Pem.certificates(Path.of(tls.certificate()));
            PrivateKey key = Pem.key(Path.of(tls.key()), chain.get(0).getPublicKey());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(TlsManagers.proving(chain, key), TlsManagers.descendingFrom(Path.of(tls.authorities())), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("its certificates cannot be used", e);
        }
    }
}
