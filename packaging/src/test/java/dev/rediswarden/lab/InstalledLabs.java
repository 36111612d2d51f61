package dev.rediswarden.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Installs the package once per suite; each test class gets a copy, which costs a boot and not an installation. */
class InstalledLabs implements ArgumentsProvider {

    /** For all classes of this process: JUnit's stores live as long as one class, which is what Failsafe runs at a time. */
    private static final Map<String, Lab> LABS = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LABS.values().forEach(Lab::close)));
    }

    @Override
    public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
        return suites(context)
                .map(suite -> LABS.computeIfAbsent(suite, InstalledLabs::install))
                .map(Lab::copy)
                .map(Arguments::of);
    }

    Stream<String> suites(ExtensionContext context) {
        return FreshLabs.suites(context);
    }

    private static Lab install(String suite) {
        var lab = Lab.up(suite);
        try {
            lab.install(deb()).ok();
            return lab;
        } catch (AssertionError e) {
            lab.close(); // nobody else knows of it
            throw e;
        }
    }

    /** The package under test; a build without one is an error, never a reason to skip. */
    static Path deb() {
        var architecture = Command.run(Duration.ofSeconds(10), "", List.of("dpkg", "--print-architecture"))
                .ok();
        var directory = Path.of(System.getProperty("lab.packages", "target"), architecture);
        try (var files = Files.newDirectoryStream(directory, "redis-warden_*.deb")) {
            var found = files.iterator();
            if (found.hasNext()) {
                return found.next();
            }
            throw new AssertionError("no redis-warden_*.deb in " + directory);
        } catch (NoSuchFileException e) {
            throw new AssertionError("no package has been built: " + directory + " is missing", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
