package dev.rediswarden.lab;

import java.util.Arrays;
import java.util.stream.Stream;

/** The same for every server version of the system property {@code lab.servers}. */
final class ServerLabs extends InstalledLabs {

    @Override
    Stream<String> suites() {
        return Arrays.stream(System.getProperty("lab.servers", "bookworm,trixie,redis6")
                        .split(","))
                .map(String::strip);
    }
}
