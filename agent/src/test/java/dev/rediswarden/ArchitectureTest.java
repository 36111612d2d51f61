package dev.rediswarden;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom, and that time is never read but through an injected clock. */
class ArchitectureTest {

    private static final String ROOT = "dev.rediswarden";
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private static final JavaClasses WITH_TESTS = new ClassFileImporter().importPackages(ROOT);

    /** What each package may import of this program; of its own it always may. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("snapshot", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("socket", Set.of("snapshot")),
            Map.entry("site", Set.of("snapshot", "socket")),
            Map.entry("docker", Set.of("snapshot", "socket")),
            Map.entry("check", Set.of("snapshot")),
            Map.entry("plan", Set.of("snapshot")),
            Map.entry("notify", Set.of("check", "snapshot", "files", "socket")),
            Map.entry("config", Set.of("check", "snapshot", "notify", "files")),
            Map.entry("cycle", Set.of("snapshot", "check")),
            Map.entry("preflight", Set.of("check", "snapshot")),
            Map.entry("redis", Set.of("snapshot", "plan", "preflight", "files", "socket")),
            Map.entry("systemd", Set.of("snapshot", "plan", "files")),
            Map.entry("host", Set.of("snapshot", "plan", "files")),
            Map.entry("history", Set.of("check", "snapshot", "files")),
            Map.entry("json", Set.of("check", "snapshot", "history")),
            Map.entry("page", Set.of("check", "snapshot", "history")),
            Map.entry("http", Set.of("check", "snapshot", "json", "page", "history", "socket")),
            Map.entry("metrics", Set.of("check", "snapshot")),
            Map.entry("cli", Set.of("check", "snapshot", "json")));

    @Test
    void everyPackageHasItsRule() {
        Set<String> packages = new TreeSet<>();
        PROGRAM.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals(ROOT))
                .forEach(name -> packages.add(name.substring(ROOT.length() + 1)));

        assertThat(packages).isEqualTo(new TreeSet<>(MAY_IMPORT.keySet()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snapshot",
                "files",
                "socket",
                "site",
                "docker",
                "check",
                "plan",
                "notify",
                "config",
                "cycle",
                "preflight",
                "redis",
                "systemd",
                "host",
                "history",
                "json",
                "http",
                "metrics",
                "cli"
            })
    void packageImportsOnlyWhatItMay(String name) {
        String[] allowed = Set.copyOf(MAY_IMPORT.getOrDefault(name, Set.of())).stream()
                .map(other -> ROOT + "." + other + "..")
                .toArray(String[]::new);
        String own = ROOT + "." + name + "..";

        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(not(resideInAPackage(own)))
                        .and(not(resideInAnyPackage(allowed))))
                .check(PROGRAM);
    }

    @ParameterizedTest
    @CsvSource({
        "redis.clients.., redis",
        "org.freedesktop.., systemd",
        "io.javalin.., http",
        "org.eclipse.jetty.., http",
        "jakarta.servlet.., http",
        "at.favre.lib.., http",
        "io.micrometer.., metrics",
        "io.prometheus.., metrics",
        "org.tomlj.., config",
    })
    void libraryHasOneImporter(String library, String importer) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + importer + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(PROGRAM);
    }

    @Test
    void gsonIsForHealthDocuments() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".json..", ROOT + ".cli..", ROOT + ".site..", ROOT + ".docker..", ROOT + ".notify..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.gson..")
                .check(PROGRAM);
    }

    @Test
    void picocliIsForTheRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(PROGRAM);
    }

    /** But for the one question to the kernel that Java does not know. */
    @Test
    void checksSnapshotsAndConfigurationAreWithoutLibraries() {
        classes()
                .that()
                .haveNameNotMatching(Pattern.quote(ROOT + ".host.FreeInodes") + ".*")
                .and()
                .resideInAnyPackage(
                        ROOT + ".snapshot..",
                        ROOT + ".files..",
                        ROOT + ".check..",
                        ROOT + ".plan..",
                        ROOT + ".cycle..",
                        ROOT + ".host..",
                        ROOT + ".preflight..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "java..", "org.jspecify..")
                .check(PROGRAM);
    }

    @Test
    void checksDoNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".snapshot..", ROOT + ".check..", ROOT + ".preflight..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.lang.reflect..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Thread.class.getName())
                .check(PROGRAM);
    }

    @Test
    void nobodyReadsTheWallClockButThroughAnInjectedOne() {
        ArchRule rule = noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callConstructor(Date.class);
        rule.check(PROGRAM);
    }

    /** {@code System::nanoTime} is how the wiring injects the clock, and nobody else's. */
    @Test
    void clocksAreHandedOutByTheWiringAlone() {
        assertThat(PROGRAM.stream()
                        .filter(type -> !type.getPackageName().equals(ROOT))
                        .flatMap(type -> type.getMethodReferencesFromSelf().stream())
                        .map(reference -> reference.getTarget().getFullName())
                        .filter(target -> target.matches(".*\\.(now|nanoTime|currentTimeMillis)\\(\\)")))
                .isEmpty();
    }

    @Test
    void clocksAreMadeByTheWiringAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .check(PROGRAM);
    }

    /** Also in tests: one that sleeps is slow on a good day and fails on a bad one. */
    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .check(WITH_TESTS);
    }

    @Test
    void theJournalIsWrittenByItsWriterAlone() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".systemd.JournalWriter")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(PROGRAM);
    }
}
