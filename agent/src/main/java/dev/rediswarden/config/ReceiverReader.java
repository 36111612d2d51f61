package dev.rediswarden.config;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver;
import dev.rediswarden.notify.Receiver.Address;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import dev.rediswarden.notify.Standing;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlTable;

/** Reads the {@code [[notify]]}, each of which is told of changes. */
final class ReceiverReader {

    private ReceiverReader() {}

    static List<Receiver> read(Section top) {
        List<TomlTable> tables = top.tables("notify");
        List<Receiver> receivers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (TomlTable table : tables) {
            Section section = top.named(table, "notify." + shown(table.get(List.of("name"))));
            receiver(section, names).ifPresent(receivers::add);
            section.rejectUnknown();
        }
        return receivers;
    }

    private static Optional<Receiver> receiver(Section section, Set<String> names) {
        Optional<String> name = section.optional("name", Rules::name);
        if (!section.has("name")) {
            section.problem("name", "is missing: what it is called in the journal and by notify --test", "");
        }
        name.filter(given -> !names.add(given))
                .ifPresent(given -> section.problem("name", "must differ for each [[notify]]", '"' + given + '"'));
        Optional<Kind> kind = section.optional("kind", ReceiverReader::kind);
        if (!section.has("kind")) {
            section.problem("kind", "is missing: webhook, slack, alertmanager, email or command", "");
        }
        Status least = section.value("min", "degraded", ReceiverReader::least);
        List<String> checks =
                section.list("checks", ReceiverReader::check, given -> given.isEmpty() ? "all" : given.toString());
        Pace pace = new Pace(
                section.value("wait", "300ms", Rules.duration(Duration.ZERO, Duration.ofHours(1))),
                section.value("every", "10s", Rules.duration(Duration.ZERO, Duration.ofHours(1))),
                section.value("per_hour", "30", ReceiverReader::perHour),
                section.value("timeout", "10s", Rules.duration(Duration.ofMillis(100), Duration.ofMinutes(1))));
        return name.flatMap(
                given -> kind.map(found -> new Receiver(given, found, address(section, found), least, checks, pace)));
    }

    /** Keys that are another kind's count for nothing, and are refused. */
    private static Address address(Section section, Kind kind) {
        boolean http = kind == Kind.WEBHOOK || kind == Kind.SLACK || kind == Kind.ALERTMANAGER;
        Optional<URI> url = http ? section.optional("url", NotifyRules::url) : refused(section, "url", kind);
        Optional<Path> urlFile =
                http ? section.optional("url_file", NotifyRules::secretFile) : refused(section, "url_file", kind);
        if (http && section.has("url") == section.has("url_file")) {
            section.problem(
                    "url",
                    section.has("url")
                            ? "counts only without a url_file: one of them says where to"
                            : "is missing, and so is url_file: one of them says where to",
                    "");
        }
        Optional<Path> tokenFile = http && kind != Kind.SLACK
                ? section.optional("token_file", NotifyRules::secretFile)
                : refused(section, "token_file", kind);
        List<String> to = kind == Kind.EMAIL ? section.list("to", NotifyRules::mailAddress) : List.of();
        List<String> command = kind == Kind.COMMAND
                ? section.list(
                        "command", NotifyRules::word, words -> words.size() == 1 ? "1 word" : words.size() + " words")
                : List.of();
        Optional<String> from = Optional.empty();
        if (kind == Kind.EMAIL) {
            from = section.optional("from", NotifyRules::mailAddress);
            require(section, "to", "is missing: to = [\"ops@example.com\"]");
        } else {
            section.refuse("to", "counts only for kind = \"email\"");
            section.refuse("from", "counts only for kind = \"email\"");
        }
        if (kind == Kind.COMMAND) {
            require(section, "command", "is missing: command = [\"/usr/local/bin/page\", \"argument\"]");
            if (!command.isEmpty() && !command.get(0).startsWith("/")) {
                section.problem("command", "must begin with an absolute path", '"' + command.get(0) + '"');
            }
        } else {
            section.refuse("command", "counts only for kind = \"command\"");
        }
        return new Address(url, urlFile, tokenFile, to, from, command);
    }

    private static <T> Optional<T> refused(Section section, String key, Kind kind) {
        section.refuse(key, "counts for nothing with kind = \"" + kind.word() + "\"");
        return Optional.empty();
    }

    private static void require(Section section, String key, String rule) {
        if (section.isEmptyList(key)) {
            section.problem(key, rule, "");
        }
    }

    /** The host alone is no secret; a path may be. */
    static boolean mayHaveSecret(Receiver receiver) {
        return receiver.kind() != Kind.ALERTMANAGER
                && receiver.address()
                        .url()
                        .filter(url ->
                                url.getRawQuery() != null || url.getRawPath().length() > 1)
                        .isPresent();
    }

    private static Kind kind(String text) throws RuleBroken {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new RuleBroken("must be webhook, slack, alertmanager, email or command"));
    }

    private static Status least(String text) throws RuleBroken {
        return switch (text) {
            case "unknown" -> Status.UNKNOWN;
            case "degraded" -> Status.DEGRADED;
            case "unhealthy" -> Status.UNHEALTHY;
            default -> throw new RuleBroken("must be unknown, degraded or unhealthy");
        };
    }

    private static String check(String text) throws RuleBroken {
        List<String> known = Stream.of(
                        Checkup.names(), Checkup.siteNames(), Checkup.ownNames(), List.of(Standing.OVERALL))
                .flatMap(List::stream)
                .distinct()
                .toList();
        String last = text.substring(text.lastIndexOf('/') + 1);
        if (!known.contains(last) || !text.matches("([a-z0-9_-]{1,64}/)?[a-z]+")) {
            throw new RuleBroken("must be a check's name as /health has it, or overall");
        }
        return text;
    }

    private static int perHour(String text) throws RuleBroken {
        if (!text.matches("[1-9]\\d{0,2}|1000")) {
            throw new RuleBroken("must be a number from 1 to 1000");
        }
        return Integer.parseInt(text);
    }

    /** In keys: a value that is no name may be anything. */
    private static String shown(@Nullable Object name) {
        try {
            return name == null ? "?" : Rules.name(name.toString());
        } catch (RuleBroken e) {
            return "?";
        }
    }
}
