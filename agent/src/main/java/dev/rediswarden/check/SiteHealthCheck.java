package dev.rediswarden.check;

import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A site answers that it is well. What is wrong with it is degraded and no more, unless the configuration calls the site
 * critical: a deploy asks redis-warden before it mends a site, and a site may ask it for its own /health/.
 */
record SiteHealthCheck() implements SiteCheck {

    /** What those who are well say of themselves. */
    private static final Set<String> WELL = Set.of("ok", "up", "pass", "passed", "healthy", "true", "200");

    private static final Set<String> DOWN = Set.of("unhealthy", "down", "fail", "failed", "error", "critical", "false");

    @Override
    public String name() {
        return "health";
    }

    @Override
    public Verdict examine(SiteState state, Instant now) {
        Site site = state.site();
        if (site.weight() == Weight.OFF) {
            return Verdict.off("switched off in the configuration");
        }
        Verdict verdict = state.answer().fold(answer -> judge(site, answer, now), unknown -> unread(site, unknown));
        return site.weight() == Weight.CRITICAL ? verdict : verdict.at(Status.DEGRADED);
    }

    private static Verdict unread(Site site, Unknown<SiteAnswer> unknown) {
        boolean denied = unknown.cause() == Cause.DENIED && site.door() instanceof Site.Unix;
        return Verdict.of(Finding.unknown(
                unknown.detail(), "whether the site is well is not known", denied ? grant(site) : asked(site)));
    }

    /** For now, and for each start of the socket. */
    private static String grant(Site site) {
        String socket = Commands.word(((Site.Unix) site.door()).socket());
        return "sudo chgrp redis-warden " + socket + " && sudo chmod g+rw " + socket
                + " # for good, in its socket unit: SocketMode=0660, ExecStartPost=-/bin/chgrp redis-warden " + socket;
    }

    /** The same question, by hand. */
    private static String asked(Site site) {
        String how = site.door() instanceof Site.Tls tls
                ? "-k --resolve " + tls.domain() + ":" + tls.address().getPort() + ":"
                        + tls.addressText().substring(0, tls.addressText().lastIndexOf(':')) + " "
                        + Commands.word(
                                "https://" + tls.domain() + ":" + tls.address().getPort() + site.path())
                : "-H 'X-Forwarded-Proto: https' --unix-socket "
                        + Commands.word(((Site.Unix) site.door()).socket()) + " "
                        + Commands.word("http://" + site.door().host() + site.path());
        return "sudo curl -si -m 10 " + how;
    }

    private static Verdict judge(Site site, SiteAnswer answer, Instant now) {
        List<Finding> findings = new ArrayList<>();
        answered(site, answer).ifPresent(findings::add);
        answer.certificate()
                .flatMap(given -> SiteCertificate.finding(site, given, now))
                .ifPresent(findings::add);
        Verdict verdict = Verdict.of(
                findings,
                site.question() + " answers " + answer.code()
                        + answer.word().map(word -> " and \"" + word + "\"").orElse("") + " in "
                        + answer.latencyText());
        return answer.outcome() == SiteAnswer.Outcome.ANSWERED ? verdict.withLatency(answer.latency()) : verdict;
    }

    private static Optional<Finding> answered(Site site, SiteAnswer answer) {
        SiteCommands commands = new SiteCommands(site);
        String said = answer.said().isEmpty() ? "" : " (" + answer.said() + ")";
        return switch (answer.outcome()) {
            case ANSWERED -> spoken(site, answer, commands);
            case REFUSED -> Optional.of(refused(site, said, commands));
            case BROKEN_OFF ->
                Optional.of(Finding.unhealthy(
                        site.question() + " is broken off before the answer is whole" + said,
                        "its visitors get errors",
                        commands.journal()));
            case TIMEOUT ->
                Optional.of(Finding.unhealthy(
                        site.question() + " has not answered three times in a row within "
                                + site.timeout().toMillis() + " ms",
                        "the site hangs, and so do its visitors",
                        commands.restart() + "; " + commands.journal()));
            case TLS ->
                Optional.of(
                        Finding.unhealthy(
                                ((site.door() instanceof Site.Tls tls) ? tls.addressText() : site.question())
                                        + " gives no TLS for " + site.door().host() + said,
                                "no browser reaches the site",
                                "sudo journalctl -u caddy -n 50; sudo caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile"));
            case NOT_UNDERSTOOD ->
                Optional.of(Finding.unknown(
                        site.question() + " answers what tells of no health" + said,
                        "whether the site is well is not known",
                        asked(site)));
        };
    }

    private static Finding refused(Site site, String said, SiteCommands commands) {
        return site.door() instanceof Site.Tls tls
                ? Finding.unhealthy(
                        "nobody listens at " + tls.addressText() + said,
                        "no site of this host is reached",
                        SiteCommands.caddy("start"))
                : Finding.unhealthy(
                        "nobody listens at " + ((Site.Unix) site.door()).socket() + said,
                        "its visitors get errors",
                        commands.start());
    }

    private static Optional<Finding> spoken(Site site, SiteAnswer answer, SiteCommands commands) {
        String evidence = site.question() + " answers " + answer.code() + says(answer);
        int code = answer.code();
        if (code >= 200 && code < 300) {
            return answer.word()
                    .flatMap(word -> ofWord(word, evidence, commands))
                    .or(() -> ofParts(answer, evidence, commands));
        }
        if (code >= 300 && code < 400) {
            return Optional.of(Finding.unhealthy(
                    evidence + (answer.said().isEmpty() ? "" : ", which leads to " + answer.said()),
                    "what answers there is not the site's health",
                    commands.configure("path = …, or host = …: as the site answers without a redirect")));
        }
        if (code == 400) {
            return Optional.of(Finding.unhealthy(
                    evidence,
                    "it does not know itself by that name, as where ALLOWED_HOSTS lacks "
                            + site.door().host(),
                    commands.journal()));
        }
        if (code == 401 || code == 403 || code == 404 || code == 405) {
            return Optional.of(Finding.unhealthy(
                    evidence, "nobody is told there how the site is", commands.configure("path = …")));
        }
        if ((code == 502 || code == 504) && site.door() instanceof Site.Tls) {
            return Optional.of(Finding.unhealthy(
                    evidence + ": Caddy " + (code == 502 ? "does not reach" : "has no answer of") + " "
                            + commands.gunicorn(),
                    "its visitors get errors",
                    commands.start() + "; " + commands.journal()));
        }
        return Optional.of(Finding.unhealthy(evidence, "its visitors get errors", commands.journal()));
    }

    /** With 200, the site's own word counts; a word that nobody knows is no proof. */
    private static Optional<Finding> ofWord(String word, String evidence, SiteCommands commands) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (WELL.contains(lower)) {
            return Optional.empty();
        }
        return Optional.of(
                DOWN.contains(lower)
                        ? Finding.unhealthy(evidence, "the site does not do its work", commands.journal())
                        : Finding.degraded(evidence, "it serves with less than all it needs", commands.journal()));
    }

    /** A site whose checks say more than its word, or that has no word, is as well as they are. */
    private static Optional<Finding> ofParts(SiteAnswer answer, String evidence, SiteCommands commands) {
        return answer.parts().isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.degraded(evidence, "a part of it does not do its work", commands.journal()));
    }

    private static String says(SiteAnswer answer) {
        String word = answer.word().map(said -> " and says \"" + said + "\"").orElse("");
        return answer.parts().isEmpty() ? word : word + " (" + String.join("; ", answer.parts()) + ")";
    }
}
