package dev.rediswarden.http;

import io.javalin.config.JettyConfig;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty for a handful of local clients: few threads, bounded connections, short patience, heap buffers alone. */
final class SmallJetty {

    private static final int THREADS = 4;
    private static final int CONNECTIONS = 256;
    /** Longer than any honest client is silent within a request; a Prometheus connects anew for its next scrape. */
    private static final long IDLE_MS = 5_000;

    private static final int REQUEST_HEADERS = 8 << 10;

    private SmallJetty() {}

    static void configure(JettyConfig config, InetSocketAddress listen) {
        // The pool's own kind of queue would start the platform's MBean server, to learn how long a cache line is.
        QueuedThreadPool threads =
                new QueuedThreadPool(THREADS, THREADS, (int) IDLE_MS, new LinkedBlockingQueue<>(CONNECTIONS));
        threads.setName("http");
        threads.setReservedThreads(0);
        config.threadPool = threads;
        config.modifyHttpConfiguration(SmallJetty::bounded);
        config.addConnector((server, http) -> connector(server, http, listen));
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

    private static ServerConnector connector(Server server, HttpConfiguration http, InetSocketAddress listen) {
        bounded(http);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(listen.getAddress().getHostAddress());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(IDLE_MS);
        connector.setReuseAddress(true);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        return connector;
    }
}
