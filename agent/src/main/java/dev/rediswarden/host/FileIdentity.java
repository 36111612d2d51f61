package dev.rediswarden.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/** By what it is seen that a file is the one that was looked at before, and as it was then. */
record FileIdentity(long inode, long size, Instant modified) {

    /** @throws IOException where it is no regular file, too */
    static FileIdentity of(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:ino,size,lastModifiedTime,isRegularFile");
        if (found.get("isRegularFile") instanceof Boolean regular
                && regular
                && found.get("ino") instanceof Long inode
                && found.get("size") instanceof Long size
                && found.get("lastModifiedTime") instanceof FileTime modified) {
            return new FileIdentity(inode, size, modified.toInstant());
        }
        throw new IOException(path + " is no regular file");
    }

    /** The same with nothing taken from it: as a log is that was written on. */
    boolean isGrownTo(FileIdentity later) {
        return later.inode == inode && later.size >= size;
    }
}
