package dev.rediswarden;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.cli.Format;
import dev.rediswarden.cli.NagiosLine;
import dev.rediswarden.cli.ReportTable;
import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.config.Problem;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.host.Kernel;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.preflight.Variable;
import dev.rediswarden.redis.SiteClient;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redis-warden check}: the host's checks once, and the URLs of a site as the site will use them. */
@Command(
        name = "check",
        description = "Looks once, now, and prints what it found.",
        footer = {
            "",
            "Exits with 0 if ok or degraded, 1 if unhealthy, 2 if not known, 64 on a wrong command "
                    + "line, 66 without the file that was named, 77 if it may not be read, 78 on a bad "
                    + "configuration; for nagios 0 if ok, 1 if degraded, 2 if unhealthy, 3 else."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    /** Bound of one visit; what a site waits for by itself is longer. */
    private static final Duration VISIT = Duration.ofSeconds(3);

    private static final int MAX_URL_BYTES = 64 * 1024;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Of the host these checks alone: ping, binding, … or INSTANCE/NAME.")
    private List<String> only = List.of();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Judges REDIS_URL, CELERY_BROKER_URL and CELERY_RESULT_BACKEND of a site's .env as well.")
    private Optional<Path> envFile = Optional.empty();

    @Option(
            names = "--require",
            paramLabel = "NAME",
            split = ",",
            description = "A variable, REDIS_URL, …, that is unhealthy where the file of --env-file does not set it.")
    private List<String> required = List.of();

    @Option(
            names = "--url",
            paramLabel = "URL|-",
            description = "Judges this URL as well; - reads it from standard input, as one with a password must be.")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = Commands.Span.class,
            description = "30s, 2m, …: waits as long for a Redis that starts or loads.")
    private Duration wait = Duration.ZERO;

    @Option(
            names = "--format",
            paramLabel = "text|json|nagios",
            defaultValue = "text",
            description = "The form of the answer; ${DEFAULT-VALUE} when not given.")
    private Format format = Format.TEXT;

    @Mixin
    private Commands.ConfigOption config = new Commands.ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        refuseUnknownVariables();
        ExecutorService threads = ProbeThreads.create();
        try {
            List<Preflight> preflights = preflights();
            return print(checked(preflights, threads));
        } catch (SiteFile.Unusable e) {
            return failed(e.code(), List.of("redis-warden: " + e.getMessage()));
        } catch (ConfigException e) {
            return failed(
                    Exit.of(e), e.problems().stream().map(Problem::toString).toList());
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Preflight> preflights() throws SiteFile.Unusable {
        List<Preflight> preflights = new ArrayList<>();
        if (envFile.isPresent()) {
            preflights.add(Preflight.of(SiteFile.read(envFile.get()), Set.copyOf(required)));
        }
        if (url.isPresent()) {
            preflights.add(Preflight.of(url(url.get())));
        }
        return preflights;
    }

    private void refuseUnknownVariables() {
        List<String> known = Preflight.OF_FILE.stream().map(Variable::key).toList();
        if (!known.containsAll(required) || (!required.isEmpty() && envFile.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "--require: of an --env-file one or more of " + String.join(", ", known));
        }
    }

    /** What is on a command line is in ps(1) for everyone, and in the shell's history. */
    private String url(String given) {
        if (given.equals("-")) {
            try {
                String input = new String(System.in.readNBytes(MAX_URL_BYTES), StandardCharsets.UTF_8);
                return input.lines().findFirst().orElse("").strip();
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--url: standard input cannot be read", e);
            }
        }
        String bare = given.replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://", "");
        boolean login = bare.substring(0, Math.max(0, bare.lastIndexOf('@'))).contains(":");
        if (login || given.contains("password=") || Preflight.of(given).holdsPassword()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--url: a password on the command line is seen by every user of this host: use --env-file FILE,"
                            + " or --url - and the URL on standard input");
        }
        return given;
    }

    private Report checked(List<Preflight> preflights, ExecutorService threads) throws ConfigException {
        Patience patience = new Patience(wait, System::nanoTime, progress());
        Instant now = InstantSource.system().instant();
        SiteClient client = new SiteClient(VISIT, System::nanoTime);
        Path file = config.file();
        boolean readable = Files.isReadable(file) || Files.notExists(file) || preflights.isEmpty() || !only.isEmpty();
        Config read = readable ? ConfigReader.read(file) : ConfigReader.byDefault();
        try (ServerUnits units = new ServerUnits(read)) {
            List<CheckResult> results = new ArrayList<>();
            preflights.forEach(preflight -> results.addAll(preflight.results(client, threads, patience, units, now)));
            if (preflights.isEmpty() || !only.isEmpty()) {
                return with(results, host(read, preflights.isEmpty(), threads, patience, units));
            }
            Optional<HostCheck> host = readable ? Optional.of(new HostCheck(read)) : Optional.empty();
            String reason = host.isEmpty()
                    ? "this user may not read " + file + "; root and the group redis-warden may"
                    : "no Redis is configured or installed on this host";
            if (host.filter(HostCheck::hasRedis).isPresent()) {
                return with(results, host(read, false, threads, patience, units));
            }
            results.add(new CheckResult(
                    Preflight.INSTANCE, "host", Verdict.off("the host's own checks were not run: " + reason), now));
            return with(results, new Report(Snapshot.empty(now), Health.OK, List.of()));
        }
    }

    /** @param sites whether they are asked where nobody names them; not for a deploy, which may be what mends them */
    private Report host(Config read, boolean sites, ExecutorService threads, Patience patience, ServerUnits units) {
        refuseUnknown(read);
        boolean wanted = only.isEmpty() ? sites : only.stream().anyMatch(CheckCommand::isOfSite);
        Config asked = wanted ? read : read.with(List.of());
        return new HostCheck(asked).report(threads, patience, units).only(only);
    }

    private static Report with(List<CheckResult> site, Report host) {
        List<CheckResult> all = new ArrayList<>(site);
        all.addAll(host.results());
        Status worst = all.stream().map(CheckResult::status).reduce(Status.OFF, Status::worse);
        return new Report(host.snapshot(), site.isEmpty() ? host.health() : Health.of(worst), all);
    }

    private static boolean isOfSite(String name) {
        return Checkup.siteNames().contains(name.substring(name.indexOf('/') + 1));
    }

    private void refuseUnknown(Config read) {
        List<String> known = new ArrayList<>();
        for (RedisInstance redis : read.redis()) {
            List<String> checks = Checkup.names(redis.service().isPresent());
            checks.stream().filter(check -> !known.contains(check)).forEach(known::add);
        }
        List<String> shown = new ArrayList<>(known);
        if (read.redis().size() > 1) {
            read.redis()
                    .forEach(redis -> Checkup.names(redis.service().isPresent())
                            .forEach(check -> known.add(redis.name() + "/" + check)));
        }
        for (Site site : read.sites()) {
            Checkup.siteNames().forEach(check -> shown.add(site.name() + "/" + check));
        }
        known.addAll(shown);
        if (!read.sites().isEmpty()) {
            known.addAll(Checkup.siteNames());
        }
        for (String name : only) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "--only: no such check: " + name + "; known: " + String.join(", ", shown));
            }
        }
    }

    /** For a person who waits, each second of it; a log gets the first line of that. */
    private Consumer<String> progress() {
        PrintWriter err = spec.commandLine().getErr();
        if (!Kernel.isErrorTerminal()) {
            AtomicBoolean told = new AtomicBoolean();
            return line -> {
                if (told.compareAndSet(false, true)) {
                    err.println("redis-warden: " + Untrusted.line(line));
                    err.flush();
                }
            };
        }
        return line -> {
            err.print("\r\u001b[K" + Untrusted.line(line) + "\r");
            err.flush();
        };
    }

    private int print(Report report) {
        boolean evaluated = isEvaluated(report);
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.NAGIOS) {
            return print(NagiosLine.of(report, evaluated));
        }
        out.print(
                format == Format.JSON
                        ? new ReportJson(Build.read()).report(report)
                        : ReportTable.of(report).text());
        out.flush();
        if (report.isCurrent() && report.health() == Health.UNHEALTHY) {
            return Exit.UNHEALTHY;
        }
        return evaluated ? Exit.OK : Exit.NOT_EVALUATED;
    }

    /** What was asked for by name, the site's URLs and PING in any case must be known: a deploy must not go on a guess. */
    private boolean isEvaluated(Report report) {
        return report.isCurrent()
                && report.results().stream()
                        .filter(result -> !only.isEmpty()
                                || result.check().equals("ping")
                                || result.instance().equals(Preflight.INSTANCE))
                        .map(CheckResult::status)
                        .noneMatch(Status.UNKNOWN::equals);
    }

    private int print(NagiosLine line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line.text());
        out.flush();
        return line.state().exitCode();
    }

    private int failed(int code, List<String> lines) {
        if (format == Format.NAGIOS) {
            return print(NagiosLine.unknown(lines.get(0)));
        }
        lines.forEach(spec.commandLine().getErr()::println);
        return code;
    }
}
