package dev.rediswarden.config;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.Engine.Door;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code [docker]}: where the Swarm's manager is asked. What could be read on the way is refused unless that is said to be meant. */
final class DockerReader {

    private static final List<String> TLS = List.of("tls_ca", "tls_cert", "tls_key");

    /** Nobody asks it. */
    private static final Engine NONE = new Engine(new Engine.Unix(Engine.DEFAULT_SOCKET), Duration.ofSeconds(2));

    private DockerReader() {}

    /** @param services whether there is one to be asked about */
    static Engine read(Section top, boolean services) {
        if (!services) {
            top.refuse("docker", "counts only where a [[redis]] has a service = \"…\"");
            return NONE;
        }
        Section section = top.table("docker");
        Duration timeout =
                section.value("timeout", "2s", Rules.duration(Duration.ofMillis(100), Duration.ofSeconds(30)));
        Optional<Tcp> host = section.optional("host", DockerRules::host);
        Door door;
        if (section.has("host")) {
            section.refuse("socket", "counts only without a host: the engine is asked at one of them");
            door = tcp(section, host.orElse(new Tcp("localhost", 2376)));
        } else {
            door = new Engine.Unix(section.value("socket", Engine.DEFAULT_SOCKET, SiteRules::socket));
            TLS.forEach(key -> section.refuse(key, "counts only with a host"));
            section.refuse("insecure", "counts only with a host");
        }
        section.rejectUnknown();
        return new Engine(door, timeout);
    }

    private static Door tcp(Section section, Tcp host) {
        Optional<Path> ca = section.optional("tls_ca", Rules::readableFile);
        Optional<Path> certificate = section.optional("tls_cert", Rules::readableFile);
        Optional<Path> key = section.optional("tls_key", Rules::secretFile);
        boolean insecure = section.flag("insecure", false);
        List<String> missing = TLS.stream().filter(name -> !section.has(name)).toList();
        if (missing.size() < TLS.size()) {
            missing.forEach(
                    name -> section.problem(name, "is missing: TLS needs all three, " + String.join(", ", TLS), ""));
        } else if (!insecure && !host.isLoopback()) {
            section.problem(
                    "tls_ca",
                    "is missing, and so are tls_cert and tls_key: whoever is on the way could read what is answered, or"
                            + " answer instead; insecure = true accepts that",
                    "");
        }
        return new Engine.Tcp(
                host.name(),
                host.port(),
                ca.flatMap(authorities -> certificate.flatMap(own ->
                        key.map(secret -> new Engine.Tls(authorities.toString(), own.toString(), secret.toString())))));
    }

    /** A host and its port. */
    record Tcp(String name, int port) {

        boolean isLoopback() {
            return name.equals("localhost") || name.equals("::1") || name.startsWith("127.");
        }
    }
}
