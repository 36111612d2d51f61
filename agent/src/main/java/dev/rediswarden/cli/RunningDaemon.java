package dev.rediswarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks the daemon of this host for its report. */
public final class RunningDaemon {

    private static final int TIMEOUT_MS = 2_000;
    private static final int MAX_BYTES = 1 << 20;

    /** The health document as it came. */
    public record Answer(boolean healthy, String json) {}

    private RunningDaemon() {}

    /** @throws IOException where nobody answers in 2 s, or something else than a daemon does */
    public static Answer health(InetSocketAddress listen) throws IOException {
        String address = listen.getAddress().getHostAddress();
        String host = listen.getAddress() instanceof Inet6Address ? "[" + address + "]" : address;
        URI uri = URI.create("http://" + host + ":" + listen.getPort() + "/health");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        int code = connection.getResponseCode();
        try (InputStream body = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (body == null || (code != 200 && code != 503)) {
                throw new IOException(uri + " answers " + code);
            }
            return new Answer(code == 200, new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        }
    }
}
