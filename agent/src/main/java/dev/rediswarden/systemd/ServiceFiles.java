package dev.rediswarden.systemd;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of all services that systemd finds a file for. Read from its directories, as its own list of them
 * (ListUnitFilesByPatterns) works out the state of each file, which takes it seconds where there are hundreds.
 *
 * @param lasting names of services, templates and aliases included
 * @param passing of those that systemd-run made, which are gone with their end
 */
record ServiceFiles(Set<String> lasting, Set<String> passing) {

    /** What systemd takes for a unit's name; it passes over others. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,247}\\.service");

    private static final Path TRANSIENT = Path.of("/run/systemd/transient");

    /**
     * @param directories the manager's UnitPath
     * @throws IOException where one of them cannot be read, as the units in it are not gone
     */
    static ServiceFiles in(List<Path> directories) throws IOException {
        Set<String> lasting = new LinkedHashSet<>();
        Set<String> passing = new LinkedHashSet<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                (directory.equals(TRANSIENT) ? passing : lasting).addAll(list(directory));
            }
        }
        return new ServiceFiles(lasting, passing);
    }

    private static List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.service")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (NAME.matcher(name).matches()) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // it went away since
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }
}
