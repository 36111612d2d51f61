package dev.rediswarden.http;

import io.javalin.config.JettyConfig;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Jetty for a handful of clients: few threads, bounded connections, short patience, heap buffers alone. */
final class SmallJetty {

    private static final int THREADS = 4;
    /** On loopback. */
    static final int CONNECTIONS = 256;

    /** Longer than any honest client is silent within a request; a Prometheus connects anew for its next scrape. */
    private static final long IDLE_MS = 5_000;

    private static final int REQUEST_HEADERS = 8 << 10;

    private SmallJetty() {}

    /** Its threads, of its own for each listener. */
    static QueuedThreadPool threads(String name) {
        // The pool's own kind of queue would start the platform's MBean server, to learn how long a cache line is.
        QueuedThreadPool threads =
                new QueuedThreadPool(THREADS, THREADS, (int) IDLE_MS, new LinkedBlockingQueue<>(CONNECTIONS));
        threads.setName(name);
        threads.setReservedThreads(0);
        return threads;
    }

    /** @param tls null for plain HTTP */
    static void configure(
            JettyConfig config,
            InetSocketAddress listen,
            int connections,
            QueuedThreadPool threads,
            SslContextFactory.@Nullable Server tls) {
        config.threadPool = threads;
        config.modifyHttpConfiguration(SmallJetty::bounded);
        config.addConnector((server, http) -> connector(server, http, listen, connections, tls));
        config.modifyServer(server -> {
            // Answers are made in memory and at once; a scraper's idle connection must not hold up a stop.
            server.setStopTimeout(0);
            server.setErrorHandler(new PlainErrors());
            // Javalin's guard against too many clients looks around each second; the limit on connections does not.
            server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        });
    }

    private static void bounded(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(REQUEST_HEADERS);
        http.setUseInputDirectByteBuffers(false);
        http.setUseOutputDirectByteBuffers(false);
    }

    private static ServerConnector connector(
            Server server,
            HttpConfiguration http,
            InetSocketAddress listen,
            int connections,
            SslContextFactory.@Nullable Server tls) {
        bounded(http);
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = tls == null
                ? new ServerConnector(server, 1, 1, plain)
                : new ServerConnector(server, 1, 1, encrypted(tls, plain), plain);
        connector.setHost(listen.getAddress().getHostAddress());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(IDLE_MS);
        connector.setReuseAddress(true);
        server.addBean(new NetworkConnectionLimit(connections, connector));
        return connector;
    }

    private static SslConnectionFactory encrypted(SslContextFactory.Server tls, HttpConnectionFactory within) {
        // By itself it refuses a Host that the certificate does not name, as of a tunnel: that is the client's to
        // judge.
        within.getHttpConfiguration().addCustomizer(new SecureRequestCustomizer(false));
        SslConnectionFactory factory = new SslConnectionFactory(tls, within.getProtocol());
        factory.setDirectBuffersForEncryption(false);
        factory.setDirectBuffersForDecryption(false);
        return factory;
    }
}
