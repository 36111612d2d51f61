package dev.rediswarden.config;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Severity;
import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads {@code redis-warden.toml}; anything it does not know, or that breaks a rule, makes the whole unusable. */
public final class ConfigReader {

    /** Where the package puts it. */
    public static final Path DEFAULT_FILE = Path.of("/etc/redis-warden/redis-warden.toml");

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Config.Setting> settings = new ArrayList<>();
    private final SiteReader sites = new SiteReader();
    private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9180);

    private ConfigReader(Path file) {
        this.file = file.toString();
    }

    /**
     * The file, and the sites of {@code conf.d} beside it.
     *
     * @throws ConfigException with every problem of them all
     */
    public static Config read(Path file) throws ConfigException {
        ConfigReader reader = new ConfigReader(file);
        String text = reader.text(file);
        return reader.read(text, file, ConfDirectory.of(file).texts(reader.problems));
    }

    /** What an empty file says. */
    public static Config byDefault() {
        try {
            return new ConfigReader(DEFAULT_FILE).read("", DEFAULT_FILE, Map.of());
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A duration as the file writes it; empty where it is none, or out of bounds. */
    public static Optional<Duration> duration(String text, Duration least, Duration most) {
        try {
            return Optional.of(Rules.duration(least, most).parse(text));
        } catch (RuleBroken e) {
            return Optional.empty();
        }
    }

    private String text(Path path) throws ConfigException {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            if (path.equals(DEFAULT_FILE)) {
                return ""; // every value has a default, and deleting the file is an administrator's right
            }
            throw new ConfigException(List.of(new Problem(file, 0, "", "there is no such file", "")), listen);
        } catch (IOException e) {
            throw new ConfigException(List.of(Problem.unreadable(path, e)), listen);
        }
    }

    private Config read(String text, Path path, Map<Path, String> ofSites) throws ConfigException {
        Optional<Section> top = isEmpty(text) ? Optional.of(empty("")) : parse(text, file);
        if (top.isEmpty()) {
            ofSites.forEach(this::readSites);
            failOnProblems();
        }
        Config config = config(top.orElseThrow(), ofSites);
        top.orElseThrow().rejectUnknown();
        if (Rules.isOpenToOthers(path)
                && (config.redis().stream().anyMatch(ConfigReader::hasSecret)
                        || config.receivers().stream().anyMatch(ReceiverReader::mayHaveSecret))) {
            problems.add(new Problem(
                    file,
                    0,
                    "",
                    "holds a password in a url and others must neither read nor write it (mend with: sudo chmod o= "
                            + file + ")",
                    ""));
        }
        failOnProblems();
        return config;
    }

    /** The file as it is installed: the parser need not be woken for it. */
    private static boolean isEmpty(String text) {
        return text.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    private void readSites(Path path, String text) {
        if (!isEmpty(text)) {
            parse(text, path.toString()).ifPresent(top -> {
                sites.read(top, path.toString());
                top.rejectUnknown();
            });
        }
    }

    /** Empty where it is none, which is then noted. */
    private Optional<Section> parse(String text, String of) {
        TomlParseResult toml = Toml.parse(text);
        toml.errors()
                .forEach(error -> problems.add(new Problem(
                        of,
                        error.position().line(),
                        "",
                        "is not TOML: " + Untrusted.line(Secrets.withoutQuotes(String.valueOf(error.getMessage()))),
                        "")));
        return toml.hasErrors() ? Optional.empty() : Optional.of(new Section(of, toml, "", problems, settings));
    }

    private static boolean hasSecret(RedisInstance instance) {
        return instance.url()
                .map(URI::getRawAuthority)
                .filter(authority -> authority.contains("@"))
                .isPresent();
    }

    /** A server on another host is run by no unit of this one. */
    private static boolean isElsewhere(Optional<URI> url) {
        String host = url.filter(u -> !"unix".equals(u.getScheme()))
                .map(URI::getRawAuthority)
                .map(authority -> authority.substring(authority.lastIndexOf('@') + 1))
                .orElse("localhost");
        return !host.matches("(localhost|\\[::1]|127\\.[0-9.]+)(:\\d+)?");
    }

    private void failOnProblems() throws ConfigException {
        if (!problems.isEmpty()) {
            problems.sort(
                    Comparator.comparing((Problem problem) -> !problem.file().equals(file))
                            .thenComparing(Problem::file)
                            .thenComparingInt(Problem::line));
            throw new ConfigException(problems, listen);
        }
    }

    private Config config(Section top, Map<Path, String> ofSites) {
        Section http = top.table("http");
        listen = http.value("listen", "127.0.0.1:9180", Rules::listen);
        List<String> allowedHosts = http.list("allowed_hosts", Rules::hostName);
        List<TomlTable> tables = http.tables("listener");
        List<HttpListener> listeners = tables.isEmpty() ? List.of() : ListenerReader.read(http, tables, listen);
        http.rejectUnknown();
        Section cycle = top.table("cycle");
        Duration fast = cycle.value("fast", "1s", Rules.duration(Duration.ofMillis(100), Duration.ofMinutes(1)));
        Duration slow = cycle.value("slow", "10s", Rules.duration(Duration.ofSeconds(1), Duration.ofHours(1)));
        cycle.rejectUnknown();
        List<RedisInstance> instances = instances(top);
        Engine docker = DockerReader.read(
                top, instances.stream().anyMatch(redis -> redis.service().isPresent()));
        List<OrderRule> order = order(top, instances);
        sites.read(top, file);
        ofSites.forEach(this::readSites);
        return new Config(
                listen,
                allowedHosts,
                listeners,
                fast,
                slow,
                instances,
                docker,
                order,
                sites.sites(),
                ReceiverReader.read(top),
                settings);
    }

    private Section empty(String prefix) {
        return new Section(file, null, prefix, problems, settings);
    }

    private List<RedisInstance> instances(Section top) {
        List<TomlTable> tables = top.tables("redis");
        if (tables.isEmpty()) {
            return List.of(instance(empty("redis.main.")));
        }
        List<RedisInstance> instances = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (TomlTable table : tables) {
            Object name = table.get(List.of("name"));
            RedisInstance instance = instance(top.named(table, "redis." + shown(name)));
            if (!names.add(instance.name())) {
                top.named(table, "redis").problem("name", "must differ for each [[redis]]", instance.name());
            }
            instances.add(instance);
        }
        return instances;
    }

    /** Celery's workers need Redis at their start; a web server starts without, and answers that Redis is away. */
    private List<OrderRule> order(Section top, List<RedisInstance> instances) {
        if (!top.has("order")) {
            return List.of(
                    order(empty("order.1."), "*celery*.service", true, instances),
                    order(empty("order.2."), "*gunicorn*.service", false, instances));
        }
        List<OrderRule> rules = new ArrayList<>();
        for (TomlTable table : top.tables("order")) {
            Section section = top.named(table, "order." + (rules.size() + 1));
            if (!section.has("units")) {
                section.problem("units", "is missing: a shell pattern over unit names, \"*celery*.service\"", "");
            }
            rules.add(order(section, "*celery*.service", true, instances));
            section.rejectUnknown();
        }
        return rules;
    }

    private static OrderRule order(Section section, String units, boolean after, List<RedisInstance> instances) {
        List<String> names = instances.stream().map(RedisInstance::name).toList();
        return new OrderRule(
                section.value("units", units, Rules::unitPattern),
                section.optional("program", Rules::program).orElse(""),
                section.flag("after", after),
                section.flag("wants", true),
                section.value("redis", names.get(0), Rules.oneOf(names)));
    }

    /** In keys: a value that is no name may be anything, a URL in the wrong line included. */
    private static String shown(@Nullable Object name) {
        try {
            return name == null ? Distribution.MAIN : Rules.name(name.toString());
        } catch (RuleBroken e) {
            return "?";
        }
    }

    private RedisInstance instance(Section section) {
        String name = section.value("name", Distribution.MAIN, Rules::name);
        Optional<List<String>> unit = section.optional("unit", Rules::unit);
        Optional<String> service = section.optional("service", DockerRules::service);
        if (section.has("service")) {
            section.refuse("unit", "counts only without a service: one of them runs it");
        }
        // Containers in a network of the service's know it by its name.
        Optional<URI> url = section.optional("url", Rules::url)
                .or(() -> service.map(host -> URI.create("redis://" + host + ":6379")));
        Optional<Path> configFile = section.optional("config_file", Rules::file);
        Optional<Path> passwordFile = section.optional("password_file", Rules::secretFile);
        Optional<Path> tlsCa = section.optional("tls_ca", Rules::readableFile);
        Duration timeout =
                section.value("timeout", "1s", Rules.duration(Duration.ofMillis(50), Duration.ofSeconds(30)));
        Policy policy = PolicyReader.read(section);
        Map<String, Severity> severities = new LinkedHashMap<>();
        section.section("checks").ifPresent(checks -> {
            for (String check : Checkup.names()) {
                checks.optional(check, Rules::severity).ifPresent(s -> severities.put(check, s));
            }
            checks.rejectUnknown();
        });
        section.rejectUnknown();
        List<String> units =
                unit.orElseGet(() -> service.isPresent() || isElsewhere(url) ? List.of() : Distribution.units(name));
        if (policy.enforce() && units.isEmpty()) {
            section.problem("enforce", "counts only for a server that a unit of this host runs", "true");
        }
        List<Path> confFiles = configFile.map(List::of).orElseGet(() -> Distribution.confFiles(units));
        return new RedisInstance(
                name, units, url, confFiles, passwordFile, tlsCa, service, timeout, policy, severities);
    }
}
