package dev.rediswarden.redis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The files that an {@code include} with {@code * ? [} names, sorted, as glob(7) finds them for Redis. */
final class IncludeGlob {

    private IncludeGlob() {}

    static boolean isPattern(String include) {
        return include.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /**
     * Expands an absolute pattern; none may match, which is no fault to Redis.
     *
     * @throws IOException where a directory cannot be listed, though the server may be able to
     */
    static List<Path> expand(Path pattern) throws IOException {
        List<Path> found = List.of(pattern.getRoot());
        for (Path part : pattern) {
            List<Path> next = new ArrayList<>();
            for (Path base : found) {
                if (isPattern(part.toString())) {
                    next.addAll(matches(base, part.toString()));
                } else if (Files.exists(base.resolve(part))) {
                    next.add(base.resolve(part));
                }
            }
            found = next;
        }
        return found.stream().sorted().toList();
    }

    private static List<Path> matches(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            Pattern pattern = regex(glob);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    // glob(7): a leading period is matched by a period alone.
                    boolean hidden = name.startsWith(".") && !glob.startsWith(".");
                    if (!hidden && pattern.matcher(name).matches()) {
                        found.add(entry);
                    }
                }
            }
        }
        return found;
    }

    private static Pattern regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (close > 0) {
                String set = glob.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = close;
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            // glob(7): a bracket that makes no set matches itself.
            return Pattern.compile(Pattern.quote(glob));
        }
    }
}
