package dev.rediswarden.check;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one check says of one instance.
 *
 * @param detail one line: the worst finding, or why all is well
 * @param findings what is wrong, the worst first; empty when ok or off
 * @param latency of the answer that was judged, where there is one
 */
public record Verdict(Status status, String detail, List<Finding> findings, Optional<Duration> latency) {

    public Verdict {
        findings = List.copyOf(findings);
    }

    public static Verdict ok(String detail) {
        return new Verdict(Status.OK, detail, List.of(), Optional.empty());
    }

    public static Verdict off(String detail) {
        return new Verdict(Status.OFF, detail, List.of(), Optional.empty());
    }

    public static Verdict of(Finding finding) {
        return of(List.of(finding), "");
    }

    /** Ok with {@code allWell} where nothing was found, else as bad as the worst finding. */
    public static Verdict of(List<Finding> findings, String allWell) {
        if (findings.isEmpty()) {
            return ok(allWell);
        }
        List<Finding> sorted = findings.stream()
                .sorted(Comparator.comparing(Finding::status).reversed())
                .toList();
        Finding worst = sorted.get(0);
        return new Verdict(worst.status(), worst.detail(), sorted, Optional.empty());
    }

    public Verdict withLatency(Duration measured) {
        return new Verdict(status, detail, findings, Optional.of(measured));
    }

    /** The command that mends the worst finding. */
    public Optional<String> remedy() {
        return findings.stream().findFirst().map(Finding::remedy).filter(command -> !command.isEmpty());
    }

    /** The same findings with another weight; what is unknown stays unknown. */
    Verdict at(Status severity) {
        List<Finding> weighed = findings.stream()
                .map(f -> f.status() == Status.UNKNOWN ? f : f.as(severity))
                .toList();
        Verdict verdict = of(weighed, detail);
        return new Verdict(verdict.status(), verdict.detail(), verdict.findings(), latency);
    }
}
