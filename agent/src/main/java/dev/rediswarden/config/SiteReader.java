package dev.rediswarden.config;

import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Site.Door;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/** Reads the {@code [[site]]} of one file after the other; a name is for one of them all. */
final class SiteReader {

    private final List<Site> sites = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /** @param file where the section stands */
    void read(Section top, String file) {
        for (TomlTable table : top.tables("site")) {
            Section section = top.named(table, "site." + shown(table.get(List.of("name"))));
            site(section, file).ifPresent(sites::add);
            section.rejectUnknown();
        }
    }

    /** In the order in which they stand. */
    List<Site> sites() {
        return List.copyOf(sites);
    }

    private Optional<Site> site(Section section, String file) {
        Optional<String> name = section.optional("name", SiteRules::name);
        if (!section.has("name")) {
            section.problem("name", "is missing: as its units have it, \"acme\" for sum-acme-gunicorn.service", "");
        }
        name.filter(given -> !names.add(given))
                .ifPresent(given -> section.problem("name", "must differ for each [[site]]", '"' + given + '"'));
        Optional<Door> door = door(section);
        String path = section.value("path", "/health/", SiteRules::path);
        Duration timeout =
                section.value("timeout", "5s", Rules.duration(Duration.ofMillis(100), Duration.ofSeconds(30)));
        Site.Weight weight = section.value("severity", "warning", SiteRules::weight);
        String backup = section.value("backup", "/var/lib/sum/" + name.orElse("NAME") + "/backup", Rules::file)
                .toString();
        Optional<Duration> age = section.value("backup_max_age", "26h", SiteRules::age);
        return name.flatMap(
                given -> door.map(found -> new Site(given, file, found, path, timeout, weight, backup, age)));
    }

    private static Optional<Door> door(Section section) {
        Optional<String> domain = section.optional("domain", SiteRules::domain);
        Optional<String> socket = section.optional("socket", SiteRules::socket);
        if (section.has("domain") == section.has("socket")) {
            section.problem(
                    section.has("domain") ? "socket" : "domain",
                    section.has("domain")
                            ? "counts only without a domain: the site is asked at one of them"
                            : "is missing, and so is socket: one of them says where the site is asked",
                    "");
        }
        if (section.has("socket")) {
            section.refuse("address", "counts only with a domain");
            String host = section.value("host", "localhost", SiteRules::host);
            return socket.map(path -> new Site.Unix(path, host));
        }
        section.refuse("host", "counts only with a socket: a domain is asked for itself");
        InetSocketAddress address = section.value("address", "127.0.0.1:443", Rules::listen);
        return domain.map(given -> new Site.Tls(given, address));
    }

    /** In keys: a value that is no name may be anything. */
    private static String shown(@Nullable Object name) {
        try {
            return name == null ? "?" : SiteRules.name(name.toString());
        } catch (RuleBroken e) {
            return "?";
        }
    }
}
