package dev.rediswarden.snapshot;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A listening TCP socket of this host (proc_net(5), {@code /proc/net/tcp} and {@code tcp6}).
 *
 * @param uid the user that owns the socket
 */
public record Listener(InetSocketAddress local, int uid) {

    /** True where only this host can connect: 127.0.0.0/8 or ::1. The wildcard addresses are not. */
    public boolean isLoopback() {
        return local.getAddress().isLoopbackAddress();
    }

    public int port() {
        return local.getPort();
    }

    /** {@code 0.0.0.0:6379} or {@code [::1]:6379}. */
    @Override
    public String toString() {
        InetAddress address = local.getAddress();
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host.replaceFirst("(^|:)0(:0)+(:|$)", "::") + "]" : host) + ":"
                + local.getPort();
    }
}
