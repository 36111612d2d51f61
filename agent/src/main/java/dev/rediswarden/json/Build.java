package dev.rediswarden.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program was built from.
 *
 * @param version {@code 0.1.0}
 * @param gitSha of the commit, or {@code unknown} where it was built outside a repository
 * @param runtime version of the Java runtime that it runs on
 */
public record Build(String version, String gitSha, String runtime) {

    private static final String RESOURCE = "/dev/rediswarden/build.properties";

    /** Reads what the build wrote into the jar. */
    public static Build read() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
        return new Build(
                properties.getProperty("version", "unknown"),
                properties.getProperty("git.sha", "unknown"),
                System.getProperty("redis.warden.runtime", Runtime.version().toString()));
    }
}
