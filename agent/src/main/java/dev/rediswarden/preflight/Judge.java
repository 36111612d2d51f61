package dev.rediswarden.preflight;

import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.preflight.Visit.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Judges a variable: by its text, and where a server had to be asked, by what came of that. */
public record Judge(Origin origin) {

    /**
     * What is left to be done about a value.
     *
     * @param value empty where the variable is missing
     * @param required whether it must not be
     */
    public Question question(Variable variable, Optional<EnvFile.Value> value, boolean required) {
        if (value.isEmpty()) {
            String missing = variable.key() + " is not set in " + origin.name();
            return new Question.Settled(
                    required
                            ? Verdict.of(Finding.unhealthy(
                                    missing,
                                    variable.reader() + " is not told where Redis is",
                                    origin.edit(variable.key() + "=redis://HOST:PORT/DB")))
                            : Verdict.off(missing));
        }
        return value.get() instanceof EnvFile.Text text
                ? UrlReader.read(variable, text.text(), origin)
                : new Question.Settled(Verdict.of(Finding.unknown(
                        variable.key() + " " + ((EnvFile.Obscure) value.get()).why(),
                        "django-environ, python-dotenv and systemd do not all read it alike",
                        origin.edit(variable.key() + "='URL'"))));
    }

    /** The same for a URL that was given by itself. */
    public Question question(String url) {
        return UrlReader.read(Variable.URL, url, origin);
    }

    /** The file that holds a password can be read by everyone. */
    public Finding openFile() {
        return Finding.degraded(
                origin.name() + " holds a password, and others than its owner and group may read or write it",
                "every user of this host can take the password or change it",
                "sudo chmod o= " + RedisCli.word(origin.name()) + " # then change the password");
    }

    /** No variable says where a Redis is: nothing examined is nothing proven. */
    public Finding nothing() {
        return Finding.unknown(
                origin.name() + " names no Redis in REDIS_URL, CELERY_BROKER_URL or CELERY_RESULT_BACKEND",
                "nothing of the site could be judged",
                origin.edit("REDIS_URL=redis://HOST/DB"));
    }

    /** @param unit of this host that runs the server there; empty where none is known to */
    public Verdict verdict(Variable variable, Question.Ask asked, Visit visit, Optional<String> unit) {
        SiteUrl url = asked.url();
        List<Finding> findings = new ArrayList<>(asked.findings());
        if (visit.outcome() != Visit.Outcome.DONE) {
            findings.add(finding(url, visit, unit));
        }
        if (visit.otherName()) {
            findings.add(Finding.degraded(
                    url.server() + " has a certificate for another name",
                    "redis-py refuses it from version 6 on",
                    origin.edit("the host as the certificate names it")));
        }
        String database = "database " + url.database() + " of " + url.server() + " as user " + url.user();
        Verdict verdict = Verdict.of(findings, database + ": PONG, and a key was written, read and removed");
        return visit.mayPass() ? verdict : verdict.withLatency(visit.took());
    }

    private Finding finding(SiteUrl url, Visit visit, Optional<String> unit) {
        String server = url.server().toString();
        return switch (visit.outcome()) {
            case DONE, REFUSED -> refused(url, visit);
            case ABSENT ->
                Finding.unhealthy(
                        server + " cannot be reached (" + visit.text() + ")",
                        "the site has no Redis there",
                        start(url, unit));
            case TIMEOUT ->
                Finding.unhealthy(
                        server + " gives no answer in time (" + visit.text() + ")",
                        "every client of it waits",
                        "redis-warden check --wait 30s; " + start(url, unit));
            case DENIED ->
                Finding.unhealthy(
                        server + " does not let this user in (" + visit.text() + ")",
                        "nor the site, if it runs as the same user",
                        "sudo usermod -a -G redis \"$USER\" # and the site's user");
            case TLS ->
                Finding.unhealthy(
                        server + " is not trusted (" + visit.text() + ")",
                        "the site's client refuses it",
                        origin.edit("&ssl_ca_certs=FILE with the authority's certificate"));
            case NOT_REDIS ->
                Finding.unhealthy(
                        server + " is no Redis (" + visit.text() + ")",
                        "the site's client cannot talk to it",
                        origin.edit("another host or port; rediss:// for one that wants TLS"));
            case FAILED ->
                Finding.unknown(
                        server + " could not be asked (" + visit.text() + ")",
                        "whether it serves the site is not known",
                        "report this as a defect");
        };
    }

    private static String start(SiteUrl url, Optional<String> unit) {
        boolean elsewhere = url.server() instanceof SiteUrl.Tcp tcp && !tcp.isLocal();
        return elsewhere
                ? RedisCli.of(url) + " PING"
                : unit.map(name -> "sudo systemctl start " + RedisCli.word(name))
                        .orElse("systemctl list-units --all 'redis*' 'valkey*' # none that is known runs one there");
    }

    private Finding refused(SiteUrl url, Visit visit) {
        String said = url.server() + " answers " + visit.step() + " with " + visit.text();
        String cli = RedisCli.of(url);
        return switch (visit.text().split(" ", 2)[0]) {
            case "NOAUTH" ->
                Finding.unhealthy(
                        said,
                        "the URL has no password, and one is asked for",
                        origin.edit("redis://:PASSWORD@HOST; " + UrlParts.ENCODE));
            case "WRONGPASS" ->
                Finding.unhealthy(
                        said,
                        "the URL's user " + url.user() + " or its password is wrong",
                        origin.edit("the right password; " + UrlParts.ENCODE));
            case "NOPERM" -> lacking(url, visit, said, cli);
            case "MISCONF" ->
                Finding.unhealthy(
                        said,
                        "every write is refused, since the last snapshot could not be saved",
                        "df -h /var/lib/redis; " + cli + " BGSAVE; " + cli + " LASTSAVE");
            case "LOADING" ->
                Finding.unhealthy(
                        said + eta(visit),
                        "the site is refused until the dataset is loaded",
                        "redis-warden check --wait 60s # with the same options");
            case "READONLY" ->
                Finding.unhealthy(
                        said,
                        "it is a replica, which takes no writes",
                        cli + " INFO replication; " + origin.edit("the host of the master that it names"));
            case "OOM" ->
                Finding.unhealthy(
                        said,
                        "it is full, and under noeviction nothing more is taken",
                        visit.number().isPresent()
                                ? cli + " CONFIG SET maxmemory "
                                        + more(visit.number().getAsLong())
                                : cli + " INFO memory");
            case "BUSY" -> Finding.unhealthy(said, "a script or function blocks every client", cli + " SCRIPT KILL");
            default -> otherwise(url, visit, said, cli);
        };
    }

    private Finding otherwise(SiteUrl url, Visit visit, String said, String cli) {
        if (visit.step() == Step.SELECT) {
            return Finding.unhealthy(
                    said,
                    "there is no database " + url.database() + " on it",
                    cli + " CONFIG GET databases; " + origin.edit("a number from 0 to one less than that"));
        }
        return visit.step() == Step.AUTH
                ? Finding.unhealthy(
                        said, "it asks for no password, and redis-py fails on that", origin.edit("no password"))
                : Finding.unhealthy(said, "the site's client gets no further either", cli + " PING");
    }

    /** An ACL says what it denies, and the site may need no more; but it is not proven then. */
    private static Finding lacking(SiteUrl url, Visit visit, String said, String cli) {
        boolean key = visit.text().contains(" key");
        String rule = key ? "~" + Visit.CANARY + "*" : "+" + visit.step().name().toLowerCase(Locale.ROOT);
        String grant = cli + " ACL SETUSER " + RedisCli.word(url.user()) + " " + RedisCli.word(rule);
        return visit.step() == Step.SELECT
                ? Finding.unhealthy(said, "the site cannot reach database " + url.database(), grant)
                : Finding.unknown(
                        said,
                        "user " + url.user() + " lacks the ACL rule " + rule
                                + ", without which it is not proven that the site can write",
                        grant);
    }

    private static String eta(Visit visit) {
        return visit.number().isPresent() ? " (ready in about " + visit.number().getAsLong() + " s)" : "";
    }

    private static long more(long bytes) {
        return bytes > Long.MAX_VALUE / 2 ? bytes : bytes + bytes / 4;
    }
}
