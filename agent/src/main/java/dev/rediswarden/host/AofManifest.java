package dev.rediswarden.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of an append-only directory's files: {@code file NAME seq N type b|i|h} a line (aof.c of Redis 7). History is
 * about to be deleted; base and increments are what a restart loads.
 */
final class AofManifest {

    private static final int MAX_BYTES = 1 << 20;

    private AofManifest() {}

    /** Names of files that a restart would look for in vain; the manifest's own where it is not there. */
    static List<String> lacking(Path manifest, Path directory) throws IOException {
        String text;
        try (var in = Files.newInputStream(manifest)) {
            text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of(String.valueOf(manifest.getFileName()));
        }
        List<String> lacking = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length < 6 || !words[0].equals("file") || words[5].equals("h")) {
                continue;
            }
            String name = words[1].replace("\"", "");
            if (name.indexOf('/') < 0 && name.indexOf('\0') < 0 && Files.notExists(directory.resolve(name))) {
                lacking.add(name);
            }
        }
        return lacking;
    }
}
