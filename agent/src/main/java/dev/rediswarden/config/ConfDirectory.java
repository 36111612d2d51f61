package dev.rediswarden.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The directory beside the configuration, whose files are for what else sets up the host: it edits no file of a person. */
record ConfDirectory(Path path) {

    static ConfDirectory of(Path file) {
        return new ConfDirectory(file.resolveSibling("conf.d"));
    }

    /**
     * The text of each {@code *.toml}, by name; none where there is no such directory.
     *
     * @param problems gets what cannot be read
     */
    Map<Path, String> texts(List<Problem> problems) {
        Map<Path, String> texts = new LinkedHashMap<>();
        for (Path file : files(problems)) {
            try {
                texts.put(file, Files.readString(file));
            } catch (IOException e) {
                problems.add(Problem.unreadable(file, e));
            }
        }
        return texts;
    }

    /** What {@link #texts} reads, sorted. */
    List<Path> files(List<Problem> problems) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, ConfDirectory::isMeant)) {
            entries.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            problems.add(Problem.unreadable(path, e));
        }
        files.sort(Path::compareTo);
        return files;
    }

    /** Not what an editor or dpkg leaves beside a file. */
    private static boolean isMeant(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".toml") && !name.startsWith(".");
    }
}
