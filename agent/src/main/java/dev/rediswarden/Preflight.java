package dev.rediswarden;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.preflight.Judge;
import dev.rediswarden.preflight.Origin;
import dev.rediswarden.preflight.Question;
import dev.rediswarden.preflight.SiteUrl;
import dev.rediswarden.preflight.Variable;
import dev.rediswarden.preflight.Visit;
import dev.rediswarden.redis.SiteClient;
import dev.rediswarden.systemd.ServerUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The URLs of a site, each judged as the site will use it; what several name alike is asked once. */
final class Preflight {

    /** Under which its results stand in a report. */
    static final String INSTANCE = "preflight";

    /** Two visits at most, and what resolving a name may take, for which Java has no bound. */
    private static final int VISIT_BOUNDS = 3;

    static final List<Variable> OF_FILE =
            List.of(Variable.REDIS_URL, Variable.CELERY_BROKER_URL, Variable.CELERY_RESULT_BACKEND);

    private final Judge judge;
    private final Map<Variable, Question> questions = new EnumMap<>(Variable.class);
    private final List<Finding> ofFile = new ArrayList<>();
    private final String fileWell;

    private Preflight(Origin origin, String fileWell) {
        this.judge = new Judge(origin);
        this.fileWell = fileWell;
    }

    /** @param required names of variables that must be set */
    static Preflight of(SiteFile file, Set<String> required) {
        Preflight preflight = new Preflight(
                Origin.file(file.path().toString()),
                file.path() + (file.secret() ? ", which others may not read" : ""));
        for (Variable variable : OF_FILE) {
            preflight.questions.put(
                    variable,
                    preflight.judge.question(
                            variable, file.content().value(variable.key()), required.contains(variable.key())));
        }
        preflight.judge(file);
        return preflight;
    }

    /** One URL by itself. */
    static Preflight of(String url) {
        Preflight preflight = new Preflight(Origin.given(), "");
        preflight.questions.put(Variable.URL, preflight.judge.question(url));
        return preflight;
    }

    private void judge(SiteFile file) {
        if (file.open() && file.secret()) {
            ofFile.add(judge.openFile());
        }
        if (questions.values().stream().allMatch(Preflight::isOff)) {
            ofFile.add(judge.nothing());
        }
    }

    private static boolean isOff(Question question) {
        return question instanceof Question.Settled settled && settled.verdict().status() == Status.OFF;
    }

    /** Whether a URL holds a password. */
    boolean holdsPassword() {
        return questions.values().stream()
                .anyMatch(question ->
                        question instanceof Question.Ask ask && ask.url().holdsPassword());
    }

    /** Asks the servers, again and again where patience helps, and judges. */
    List<CheckResult> results(
            SiteClient client, ExecutorService threads, Patience patience, ServerUnits units, Instant at) {
        Map<SiteUrl, Visit> visits = new HashMap<>();
        patience.until(
                () -> {
                    visits.putAll(visit(visits, client, threads));
                    return visits;
                },
                seen -> waitedFor(seen, units));
        List<CheckResult> results = new ArrayList<>();
        if (!fileWell.isEmpty()) {
            results.add(result("env_file", Verdict.of(ofFile, fileWell), at));
        }
        questions.forEach((variable, question) ->
                results.add(result(variable.key(), verdict(variable, question, visits, units), at)));
        return results;
    }

    private static CheckResult result(String name, Verdict verdict, Instant at) {
        return new CheckResult(INSTANCE, name, verdict, at);
    }

    private Verdict verdict(Variable variable, Question question, Map<SiteUrl, Visit> visits, ServerUnits units) {
        if (question instanceof Question.Settled settled) {
            return settled.verdict();
        }
        Question.Ask ask = (Question.Ask) question;
        Visit visit = Optional.ofNullable(visits.get(ask.url())).orElseThrow();
        Optional<ServerUnit> unit =
                visit.mayPass() ? units.of(ask.url().server().toString()) : Optional.empty();
        return judge.verdict(variable, ask, visit, unit.map(ServerUnit::id));
    }

    /** Not for one whose unit was stopped: nobody starts it meanwhile. */
    private static String waitedFor(Map<SiteUrl, Visit> visits, ServerUnits units) {
        return visits.entrySet().stream()
                .filter(visit -> visit.getValue().mayPass())
                .filter(visit -> visit.getValue().outcome() != Visit.Outcome.ABSENT
                        || units.of(visit.getKey().server().toString())
                                .filter(ServerUnit::isStopped)
                                .isEmpty())
                .findFirst()
                .map(visit -> visit.getKey().server() + ": " + visit.getValue().text())
                .orElse("");
    }

    /** A visit of each server that was not visited, or whose visit may end otherwise now; all at the same time. */
    private Map<SiteUrl, Visit> visit(Map<SiteUrl, Visit> before, SiteClient client, ExecutorService threads) {
        Map<SiteUrl, Future<Visit>> begun = new HashMap<>();
        for (Question question : questions.values()) {
            if (question instanceof Question.Ask ask) {
                Optional<Visit> last = Optional.ofNullable(before.get(ask.url()));
                if (last.isEmpty() || last.get().mayPass()) {
                    begun.computeIfAbsent(ask.url(), url -> threads.submit(() -> client.visit(url)));
                }
            }
        }
        Map<SiteUrl, Visit> ended = new HashMap<>();
        begun.forEach(
                (url, visit) -> ended.put(url, await(visit, client.timeout().multipliedBy(VISIT_BOUNDS))));
        return ended;
    }

    private static Visit await(Future<Visit> visit, Duration bound) {
        try {
            return visit.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            visit.cancel(true);
            return new Visit(
                    Visit.Step.CONNECT, Visit.Outcome.TIMEOUT, "the host's name was not resolved in time", bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Visit(Visit.Step.CONNECT, Visit.Outcome.FAILED, "interrupted", bound);
        } catch (ExecutionException e) {
            return new Visit(
                    Visit.Step.CONNECT,
                    Visit.Outcome.FAILED,
                    String.valueOf(e.getCause()).split(":", 2)[0],
                    bound);
        }
    }
}
