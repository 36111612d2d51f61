package dev.rediswarden.host;

import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.BootSettings.Other;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads what a boot sets in the kernel: a file of the same name in an earlier directory hides the others; of sysctl.d(5)
 * the last word on a setting counts, of tmpfiles.d(5) the first.
 */
public final class BootFilesProbe implements Probe<BootSettings> {

    private static final List<String> ROOTS = List.of("etc", "run", "usr/local/lib", "usr/lib", "lib");
    private static final int LARGEST = 1 << 20;

    private final Path root;
    private final List<String> ours;

    /** @param ours files of our own, by their paths */
    public BootFilesProbe(List<String> ours) {
        this(Path.of("/"), ours);
    }

    BootFilesProbe(Path root, List<String> ours) {
        this.root = root;
        this.ours = List.copyOf(ours);
    }

    @Override
    public String name() {
        return "what a boot sets in the kernel";
    }

    /** Known in any case: a file that cannot be read sets nothing. */
    @Override
    public Reading<BootSettings> read() {
        return Reading.known(settings());
    }

    /** The same. */
    public BootSettings settings() {
        Map<String, String> texts = new HashMap<>();
        for (String path : ours) {
            Path file = root.resolve(path.substring(1));
            if (Files.exists(file)) {
                texts.put(path, text(file));
            }
        }
        Map<String, Other> others = new HashMap<>();
        files("sysctl.d").forEach((name, file) -> sysctl(file, name, others));
        files("tmpfiles.d").forEach((name, file) -> tmpfiles(file, name, others));
        return new BootSettings(texts, others);
    }

    /** By their names, in the order in which they are read. */
    private Map<String, Path> files(String directory) {
        Map<String, Path> files = new TreeMap<>();
        for (String parent : ROOTS) {
            try (DirectoryStream<Path> found =
                    Files.newDirectoryStream(root.resolve(parent).resolve(directory), "*.conf")) {
                found.forEach(file -> files.putIfAbsent(String.valueOf(file.getFileName()), file));
            } catch (IOException | DirectoryIteratorException e) {
                // Most hosts lack one or two of them.
            }
        }
        return files;
    }

    private boolean isOurs(Path file) {
        return ours.contains("/" + root.relativize(file));
    }

    private String name(String directory) {
        return ours.stream()
                .map(Path::of)
                .filter(path -> path.getParent() != null && path.getParent().endsWith(directory))
                .map(path -> String.valueOf(path.getFileName()))
                .findFirst()
                .orElse("");
    }

    private void sysctl(Path file, String name, Map<String, Other> others) {
        if (isOurs(file)) {
            return;
        }
        boolean later = name.compareTo(name("sysctl.d")) > 0;
        text(file).lines().map(String::strip).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                String key =
                        line.substring(0, equals).strip().replaceFirst("^-", "").replace('/', '.');
                others.put(
                        key, new Other(shown(file), line.substring(equals + 1).strip(), later));
            }
        });
    }

    private void tmpfiles(Path file, String name, Map<String, Other> others) {
        if (isOurs(file)) {
            return;
        }
        boolean earlier = name.compareTo(name("tmpfiles.d")) < 0;
        text(file).lines().map(String::strip).forEach(line -> {
            String[] words = line.split("\\s+", 7);
            if (words.length == 7 && words[0].matches("w[+!-]*")) {
                others.putIfAbsent(words[1], new Other(shown(file), words[6].strip(), earlier));
            }
        });
    }

    private String shown(Path file) {
        return "/" + root.relativize(file);
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= LARGEST
                    ? Files.readString(file, StandardCharsets.ISO_8859_1)
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
