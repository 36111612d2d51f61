package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Snapshot;

/**
 * A row of a check's table.
 *
 * @param sentence what the row claims
 * @param detail part of what is told; empty for anything
 * @param remedy part of the command; empty for anything, or for none
 */
record Expected(String sentence, Given given, Status status, String detail, String remedy) {

    static Expected ok(String sentence, Given given, String detail) {
        return new Expected(sentence, given, Status.OK, detail, "");
    }

    static Expected degraded(String sentence, Given given, String detail, String remedy) {
        return new Expected(sentence, given, Status.DEGRADED, detail, remedy);
    }

    static Expected unhealthy(String sentence, Given given, String detail, String remedy) {
        return new Expected(sentence, given, Status.UNHEALTHY, detail, remedy);
    }

    static Expected unknown(String sentence, Given given) {
        return unknown(sentence, given, "", "");
    }

    static Expected unknown(String sentence, Given given, String detail, String remedy) {
        return new Expected(sentence, given, Status.UNKNOWN, detail, remedy);
    }

    void holdsFor(Check check) {
        Snapshot snapshot = given.snapshot("main");
        Verdict verdict = check.examine(snapshot.instances().get(0), snapshot);

        assertThat(verdict.status()).as(verdict.detail()).isEqualTo(status);
        assertThat(verdict.detail()).contains(detail);
        assertThat(verdict.remedy().orElse("")).contains(remedy);
        assertThat(verdict.findings()).allSatisfy(finding -> {
            assertThat(finding.evidence()).isNotBlank();
            assertThat(finding.consequence()).isNotBlank();
            assertThat(finding.remedy().isBlank()).isEqualTo(finding.equals(Asked.WAITS));
        });
    }

    @Override
    public String toString() {
        return sentence;
    }
}
