package dev.rediswarden.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** By which it is seen that a file was changed, in whatever way, its mode included, or replaced (inode(7)). */
public record Stamp(Map<String, Object> attributes) {

    private static final String WHAT = "unix:ino,size,ctime";

    /** As it is now; taken before a file is read, so that what changes meanwhile is read once more. */
    public static Stamp of(Path path) {
        try {
            return new Stamp(Files.readAttributes(path, WHAT));
        } catch (IOException e) {
            return new Stamp(Map.of()); // nothing is there, or nothing that can be read
        }
    }
}
