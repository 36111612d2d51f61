package dev.rediswarden.preflight;

import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.preflight.UrlParts.Unusable;
import dev.rediswarden.snapshot.Untrusted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a URL as the client of its variable does: redis-py's {@code Redis.from_url} (4.3 and later), kombu's
 * {@code Connection} and Celery's Redis backend (5.2 and later), by their source. What those refuse, the site fails on.
 */
final class UrlReader {

    /** Common ones that are not Redis'; another is not repeated, for it may be a piece of a secret. */
    private static final Pattern OTHERS = Pattern.compile("(amqps?|pyamqp|memory|locmem(cache)?|sqs|rpc|file|filesystem"
            + "|mongodb|zookeeper|qpid|confluentkafka|gcpubsub|(pymemcache|pymem|memcache|elasticache)(cache)?|dbcache"
            + "|filecache|dummycache|cache|(db|sqla|cache)\\+[a-z0-9]{1,20})");

    private static final Pattern SEVERAL = Pattern.compile("[;,][a-z+]+://");
    private static final Pattern MISPLACED = Pattern.compile("[&=]|:.*@");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");
    private static final String SOCKET = "redis+socket";

    private final Variable variable;
    private final Origin origin;
    private final List<Finding> findings = new ArrayList<>();

    private UrlReader(Variable variable, Origin origin) {
        this.variable = variable;
        this.origin = origin;
    }

    static Question read(Variable variable, String text, Origin origin) {
        UrlReader reader = new UrlReader(variable, origin);
        try {
            return reader.read(text);
        } catch (Unusable e) {
            return reader.unusable(e.reason(), UrlParts.ENCODE);
        }
    }

    private Question unusable(String why, String instead) {
        return new Question.Settled(Verdict.of(Finding.unhealthy(
                variable.key() + " " + why, variable.reader() + " cannot use it", origin.edit(instead))));
    }

    private Question read(String text) throws Unusable {
        String scheme = UrlParts.scheme(text).orElse("");
        if (SEVERAL.matcher(text).find()) {
            return unclear("names several servers", "one URL for each, to judge each");
        } else if (scheme.equals("redis")
                || scheme.equals("rediss")
                || scheme.equals("unix")
                || scheme.equals(SOCKET)) {
            return ask(UrlParts.of(text));
        } else if (scheme.contains("redis") || scheme.contains("valkey") || scheme.contains("sentinel")) {
            return unclear("has a scheme that is not judged here", "redis://, rediss:// or a socket's URL");
        } else if (!scheme.isEmpty()) {
            String named = OTHERS.matcher(scheme).matches() ? scheme + "://" : "of another scheme";
            return new Question.Settled(Verdict.off(variable.key() + " is " + named + ", not Redis: not judged"));
        } else if (variable == Variable.CELERY_RESULT_BACKEND && text.matches("rpc|disabled|django-(db|cache)|cache")) {
            return new Question.Settled(Verdict.off(variable.key() + " is " + text + ", not Redis: not judged"));
        }
        return unusable(
                text.isEmpty() ? "is empty" : "does not begin with redis:// or another scheme",
                variable.key() + "=redis://HOST:PORT/DB");
    }

    private Question unclear(String what, String wanted) {
        return new Question.Settled(Verdict.of(Finding.unknown(
                variable.key() + " " + what, "whether they serve the site is not known", origin.edit(wanted))));
    }

    private Question ask(UrlParts parts) throws Unusable {
        boolean socket = parts.scheme().equals("unix") || parts.scheme().equals(SOCKET);
        refuseForeignScheme(parts.scheme());
        if (variable == Variable.CELERY_BROKER_URL && !socket) {
            refuseForKombu(parts.query().keySet().stream()
                    .filter(name -> !name.startsWith("ssl_"))
                    .findFirst());
        }
        refuseUnprintable(parts);
        SiteUrl.Server server = socket ? unix(parts) : tcp(parts);
        int database = number(socket ? socketDatabase(parts) : database(parts));
        return new Question.Ask(new SiteUrl(server, login(parts), database), findings);
    }

    private void refuseForeignScheme(String scheme) throws Unusable {
        if (scheme.equals("unix") && variable.isCelerys()) {
            throw new Unusable("is unix://, where Celery wants redis+socket:///PATH?virtual_host=DB");
        }
        if (scheme.equals(SOCKET) && variable == Variable.REDIS_URL) {
            celeryAlone("begins with redis+socket://", "unix:///PATH?db=DB");
        }
    }

    /** kombu hands what it does not know to a function that throws. */
    private static void refuseForKombu(Optional<String> option) throws Unusable {
        if (option.isPresent()) {
            throw new Unusable("has an option that kombu refuses; the database's number is the path: redis://HOST/DB");
        }
    }

    /** What is shown of it later. */
    private static void refuseUnprintable(UrlParts parts) throws Unusable {
        for (String text : List.of(parts.path(), parts.user(), parts.query().getOrDefault("ssl_ca_certs", ""))) {
            if (!Untrusted.line(text).equals(text)) {
                throw new Unusable("has characters in it that are no text");
            }
        }
    }

    private SiteUrl.Server unix(UrlParts parts) throws Unusable {
        if (!parts.host().isEmpty() || parts.path().length() < 2) {
            throw new Unusable("names no socket: three slashes come before its path, " + parts.scheme() + ":///PATH");
        }
        if (MISPLACED.matcher(parts.path()).find()) {
            throw new Unusable("has a login or an option in its socket's path: options come after a ?");
        }
        return new SiteUrl.Unix(parts.path());
    }

    private SiteUrl.Server tcp(UrlParts parts) throws Unusable {
        boolean options = parts.query().keySet().stream().anyMatch(UrlReader::isTls);
        boolean secure = parts.scheme().equals("rediss");
        if (options && !secure && variable != Variable.CELERY_BROKER_URL) {
            throw new Unusable("has options of TLS, and is not rediss://");
        }
        String host = parts.host().isEmpty() ? "localhost" : parts.host();
        return new SiteUrl.Tcp(
                host, parts.port(), secure || options ? Optional.of(tls(parts.query())) : Optional.empty());
    }

    private static boolean isTls(String option) {
        return List.of("ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
                .contains(option);
    }

    private SiteUrl.Tls tls(Map<String, String> query) throws Unusable {
        String given = query.get("ssl_cert_reqs");
        String wanted = given == null ? missing() : given;
        boolean python = wanted.matches("CERT_(NONE|OPTIONAL|REQUIRED)");
        if (!python && !wanted.matches("none|optional|required")) {
            throw new Unusable("has an ssl_cert_reqs that is none of required, optional and none");
        }
        if (python && variable == Variable.REDIS_URL) {
            celeryAlone("has ssl_cert_reqs=" + wanted, "ssl_cert_reqs=required, which both read");
        }
        boolean signed = !wanted.endsWith("NONE") && !wanted.equals("none");
        if (!signed) {
            findings.add(Finding.degraded(
                    variable.key() + " has the server's certificate not looked at",
                    "whoever is between can read the password and change the data",
                    origin.edit("ssl_cert_reqs=required")));
        }
        boolean named = !"false".equalsIgnoreCase(query.get("ssl_check_hostname"));
        return new SiteUrl.Tls(signed, named, Optional.ofNullable(query.get("ssl_ca_certs")));
    }

    /** kombu then looks at no certificate, and Celery's backend does not start. */
    private String missing() throws Unusable {
        if (variable == Variable.CELERY_RESULT_BACKEND) {
            throw new Unusable("is rediss:// without ssl_cert_reqs, which Celery wants: add ?ssl_cert_reqs=required");
        }
        return variable == Variable.CELERY_BROKER_URL ? "none" : "required";
    }

    private void celeryAlone(String what, String instead) {
        findings.add(Finding.degraded(
                variable.key() + " " + what, "Celery alone reads that: redis-py refuses it", origin.edit(instead)));
    }

    private String socketDatabase(UrlParts parts) {
        String option = parts.scheme().equals(SOCKET) ? "virtual_host" : "db";
        return Optional.ofNullable(parts.query().get(option)).orElse("");
    }

    private String database(UrlParts parts) throws Unusable {
        String path = parts.path().replace("/", "");
        // Celery's backend lets each option of the query win, as redis-py does.
        String given = Optional.ofNullable(parts.query().get("db")).orElse(path);
        if (given.equals(path) && !path.isEmpty() && !NUMBER.matcher(path).matches() && !variable.isCelerys()) {
            findings.add(Finding.degraded(
                    variable.key() + " has a path that is no number",
                    "redis-py takes database 0 then",
                    origin.edit("a database's number: redis://HOST/DB")));
            return "";
        }
        return given;
    }

    private static int number(String text) throws Unusable {
        if (!text.isEmpty() && !NUMBER.matcher(text).matches()) {
            throw new Unusable("has a database that is no number");
        }
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    /** redis-py takes both from the query as well, unless they stand before the host. */
    private Optional<SiteUrl.Login> login(UrlParts parts) {
        boolean alsoQuery = variable != Variable.CELERY_BROKER_URL;
        String user = either(parts.user(), alsoQuery ? parts.query().get("username") : null);
        String password = either(parts.password(), alsoQuery ? parts.query().get("password") : null);
        return user.isEmpty() && password.isEmpty()
                ? Optional.empty()
                : Optional.of(new SiteUrl.Login(Optional.of(user).filter(name -> !name.isEmpty()), password));
    }

    private static String either(String first, @Nullable String second) {
        return first.isEmpty() && second != null ? second : first;
    }
}
