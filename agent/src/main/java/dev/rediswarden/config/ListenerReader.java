package dev.rediswarden.config;

import dev.rediswarden.config.HttpListener.Tls;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.TomlTable;

/** Reads the {@code [[http.listener]]}: one that strangers could read or listen in on is refused unless that is said to be meant. */
final class ListenerReader {

    private ListenerReader() {}

    /** @param own that of loopback */
    static List<HttpListener> read(Section http, List<TomlTable> tables, InetSocketAddress own) {
        List<HttpListener> listeners = new ArrayList<>();
        List<InetSocketAddress> taken = new ArrayList<>(List.of(own));
        for (TomlTable table : tables) {
            Section section = http.named(table, "listener." + (listeners.size() + 1));
            InetSocketAddress listen = section.value("listen", "127.0.0.1:9181", Rules::anyListen);
            if (!section.has("listen")) {
                section.problem("listen", "is missing: listen = \"10.0.0.7:9181\"", "");
            }
            if (taken.stream().anyMatch(other -> isOneOf(other, listen))) {
                section.problem("listen", "must be another address or port than those of each other listener", "");
            }
            taken.add(listen);
            listeners.add(listener(section, listen));
            section.rejectUnknown();
        }
        return listeners;
    }

    private static HttpListener listener(Section section, InetSocketAddress listen) {
        Optional<Path> certificate =
                section.optional("tls_cert", text -> isThere(text) ? Rules.readableFile(text) : Rules.file(text));
        Optional<Path> key = section.optional("tls_key", ListenerReader::secret);
        Optional<Path> users = section.optional("users_file", ListenerReader::secret);
        boolean meant = section.flag("insecure", false) || listen.getAddress().isLoopbackAddress();
        if (section.has("tls_cert") != section.has("tls_key")) {
            section.problem(
                    section.has("tls_cert") ? "tls_key" : "tls_cert", "is missing: a certificate needs its key", "");
        } else if (!section.has("tls_cert") && !meant) {
            section.problem(
                    "tls_cert",
                    "is missing, and so is tls_key: whoever is on the way could read the answers, and the passwords of"
                            + " who asks; insecure = true accepts that",
                    "");
        }
        if (!section.has("users_file") && !meant) {
            section.problem(
                    "users_file",
                    "is missing: every host that reaches this address could read what is answered; insecure = true"
                            + " accepts that",
                    "");
        }
        return new HttpListener(listen, certificate.flatMap(file -> key.map(secret -> new Tls(file, secret))), users);
    }

    /** One that is not there, as on a disk that comes late, keeps its listener closed, and nobody from watching Redis. */
    private static boolean isThere(String text) throws RuleBroken {
        return Files.exists(Rules.file(text));
    }

    private static Path secret(String text) throws RuleBroken {
        return isThere(text) ? Rules.secretFile(text) : Rules.file(text);
    }

    private static boolean isOneOf(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().equals(other.getAddress())
                        || one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress());
    }
}
