package dev.rediswarden.lab;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The same for every server version of the system property {@code lab.servers}. */
final class ServerLabs extends InstalledLabs {

    @Override
    Stream<String> suites(ExtensionContext context) {
        return Arrays.stream(System.getProperty("lab.servers", "bookworm,trixie,redis6")
                        .split(","))
                .map(String::strip);
    }
}
