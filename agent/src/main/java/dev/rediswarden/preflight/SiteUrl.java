package dev.rediswarden.preflight;

import java.util.Optional;

/** A Redis URL as its site's client understands it. */
public record SiteUrl(Server server, Optional<Login> login, int database) {

    /** Where the client connects. */
    public sealed interface Server {}

    /** A TCP port; {@code host} is a name or a literal address without brackets. */
    public record Tcp(String host, int port, Optional<Tls> tls) implements Server {

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        /** True where no other host can be meant. */
        boolean isLocal() {
            return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        }
    }

    /** A socket file. */
    public record Unix(String path) implements Server {

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * What the client wants of the server's certificate.
     *
     * @param signed by an authority that is trusted; without, anybody's will do
     * @param named for the host that is asked
     * @param authorities a PEM file with those that are trusted; empty for the host's own
     */
    public record Tls(boolean signed, boolean named, Optional<String> authorities) {

        /** The same for a client that does not look whose certificate it is. */
        public Tls nameless() {
            return new Tls(signed, false, authorities);
        }
    }

    /** What AUTH sends; redis-py sends an empty password for a user without one. */
    public record Login(Optional<String> user, String password) {

        @Override
        public String toString() {
            return "Login[" + name() + "]";
        }

        /** Where there is a name alone, it may be a password that was put in the wrong place. */
        private String name() {
            return password.isEmpty() ? "USER" : user.orElse("default");
        }
    }

    public boolean holdsPassword() {
        return login.filter(given -> !given.password().isEmpty()).isPresent();
    }

    /** The ACL user that it works as. */
    String user() {
        return login.map(Login::name).orElse("default");
    }

    /** The same without the name's check, where there is TLS. */
    public SiteUrl nameless() {
        return server instanceof Tcp tcp
                ? new SiteUrl(new Tcp(tcp.host(), tcp.port(), tcp.tls().map(Tls::nameless)), login, database)
                : this;
    }

    /** Whether a certificate for another name would be found out. */
    public boolean isNamed() {
        return server instanceof Tcp tcp
                && tcp.tls().filter(tls -> tls.signed() && tls.named()).isPresent();
    }
}
