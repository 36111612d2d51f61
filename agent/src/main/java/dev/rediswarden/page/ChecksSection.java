package dev.rediswarden.page;

import dev.rediswarden.check.Alike;
import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every check, the worst first: evidence, consequence, and the command that mends it. */
final class ChecksSection {

    /** A sign for each status, so that no one is told by its colour alone. */
    private static final Map<Status, String> SIGNS = Map.of(
            Status.OK, "✓",
            Status.OFF, "–",
            Status.UNKNOWN, "?",
            Status.DEGRADED, "!",
            Status.UNHEALTHY, "✕");

    private ChecksSection() {}

    static void write(Html html, Report report) {
        html.open("section", "class", "checks", "aria-labelledby", "checks")
                .element("h2", "Checks", "id", "checks")
                .open("ul");
        Alike.groups(report.results(), CheckResult::status, ChecksSection::said)
                .forEach(group -> check(html, group, report));
        html.close("ul").closeLine("section");
    }

    /** What is well says of itself why. */
    private static Object said(CheckResult result) {
        List<Finding> findings = result.verdict().findings();
        return findings.isEmpty() ? result : findings;
    }

    private static void check(Html html, List<CheckResult> group, Report report) {
        CheckResult first = group.get(0);
        String word = first.status().word();
        String keys = group.stream().map(report::key).collect(Collectors.joining(", "));
        html.open("li", "class", "check " + word).open("h3");
        html.open("span", "class", "sign", "aria-hidden", "true")
                .text(SIGNS.getOrDefault(first.status(), "?"))
                .close("span");
        html.text(keys + " ").element("span", word, "class", "status").closeLine("h3");
        List<Finding> findings = first.verdict().findings();
        if (findings.isEmpty()) {
            html.element("p", first.verdict().detail());
        }
        for (Finding finding : findings) {
            finding(html, finding, keys);
        }
        html.open("p", "class", "since").text("since ").time(first.since()).closeLine("p");
        html.closeLine("li");
    }

    private static void finding(Html html, Finding finding, String key) {
        html.element("p", finding.evidence(), "class", "evidence");
        html.element("p", finding.consequence(), "class", "consequence");
        if (!finding.remedy().isEmpty()) {
            html.open("div", "class", "command", "data-check", key)
                    .open("pre", "tabindex", "0", "aria-label", "Command for " + key)
                    .element("code", finding.remedy())
                    .close("pre")
                    .closeLine("div");
        }
    }
}
