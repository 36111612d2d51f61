package dev.rediswarden.redis;

import dev.rediswarden.files.Stamp;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads redis.conf in the server's order ({@code loadServerConfigFromString}): line by line, includes where they
 * stand, the last word on a parameter wins. What stops it is kept as the first problem; what was read still counts.
 */
final class ConfLoader {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FILES = 100;
    private static final int MAX_DEPTH = 16;

    private final Map<String, String> values = new TreeMap<>();
    private RedisConf.@Nullable Problem problem;
    private Path workingDirectory = Path.of("/");
    private int files;
    private final Map<Path, Stamp> stamps = new HashMap<>();
    /** Which files a pattern names is known only once it was looked for. */
    private boolean globs;

    /** Redis forgets that it is reading a file once an include ends: every later {@code save} replaces all others. */
    private boolean saveAdds = true;

    private ConfLoader() {}

    /** @throws IOException where the file itself, not one that it includes, cannot be read */
    static RedisConf load(Path file) throws IOException {
        ConfLoader loader = new ConfLoader();
        loader.read(file, 0);
        return new RedisConf(
                file, loader.values, Optional.ofNullable(loader.problem), loader.globs ? Map.of() : loader.stamps);
    }

    private void read(Path file, int depth) throws IOException {
        if (depth > MAX_DEPTH || ++files > MAX_FILES) {
            throw new IOException("includes nest too deep or are too many");
        }
        stamps.putIfAbsent(file, Stamp.of(file));
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is not a regular file");
        }
        String text;
        try (var in = Files.newInputStream(file)) {
            // Bytes as characters: what they mean is known only after the escapes are read.
            text = new String(in.readNBytes(MAX_BYTES + 1), StandardCharsets.ISO_8859_1);
        }
        if (text.length() > MAX_BYTES) {
            throw new IOException("it is larger than 1 MiB");
        }
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            number++;
            while (start < end && text.charAt(start) <= ' ') {
                start++;
            }
            if (start < end && text.charAt(start) != '#') {
                apply(text.substring(start, end), file + ":" + number, depth);
            }
            start = end + 1;
        }
    }

    private void apply(String line, String where, int depth) {
        Optional<List<String>> words = ConfLine.split(line);
        if (words.isEmpty()) {
            report(Cause.FAILED, where + ": unbalanced quotes, Redis would not start with it");
            return;
        }
        if (words.get().isEmpty()) {
            return;
        }
        String name = words.get().get(0).toLowerCase(Locale.ROOT).replace("slave", "replica");
        List<String> arguments = words.get().subList(1, words.get().size());
        switch (name) {
            case "include" -> arguments.forEach(argument -> include(argument, where, depth));
            // Each line adds to a list that CONFIG GET shows otherwise, or names a secret: neither is one value.
            case "user", "rename-command", "client-output-buffer-limit", "sentinel" -> {}
            case "loadmodule" ->
                arguments.stream()
                        .findFirst()
                        .ifPresent(path -> values.merge(name, path, (before, more) -> before + " " + more));
            case "save" ->
                values.merge("save", savePoints(arguments), (before, added) -> saveAdds ? join(before, added) : added);
            case "dir" -> {
                workingDirectory =
                        workingDirectory.resolve(String.join(" ", arguments)).normalize();
                values.put("dir", workingDirectory.toString());
            }
            default -> values.put(name, CanonicalValue.of(name, String.join(" ", arguments)));
        }
    }

    private void include(String include, String where, int depth) {
        // Redis takes it from its working directory: the root under systemd, and what `dir` said further up.
        Path path = workingDirectory.resolve(include);
        saveAdds = true;
        globs |= IncludeGlob.isPattern(include);
        try {
            for (Path file : IncludeGlob.isPattern(include) ? IncludeGlob.expand(path) : List.of(path)) {
                read(file, depth + 1);
            }
        } catch (AccessDeniedException e) {
            report(Cause.DENIED, where + ": this user may not read the included " + e.getFile());
        } catch (IOException | DirectoryIteratorException e) {
            report(Cause.FAILED, where + ": cannot read the included " + path + ": " + RedisConf.reason(e));
        }
        saveAdds = false;
    }

    /** {@code save 3600 1}, {@code save "3600 1 300 100"} and {@code save ""} alike, as CONFIG GET shows them. */
    private static String savePoints(List<String> arguments) {
        return String.join(" ", arguments).strip().replaceAll("\\s+", " ");
    }

    /** What a further {@code save} line makes of those before it: it adds, an empty one clears. */
    private static String join(String before, String added) {
        return added.isEmpty() || before.isEmpty() ? added : before + " " + added;
    }

    private void report(Cause cause, String text) {
        if (problem == null) {
            problem = new RedisConf.Problem(cause, text);
        }
    }
}
