package dev.rediswarden.host;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** Reads what {@code redis-warden apply} has told of itself, anew where the file was replaced. */
public final class StewardshipProbe implements Probe<Stewardship> {

    /** One object, by which it is seen that nothing has changed. */
    private static final Reading<Stewardship> NOTHING = Reading.known(Stewardship.NONE);

    private final Path path;
    private final StewardshipFile file;
    private List<Object> seen = List.of();
    private Reading<Stewardship> latest = NOTHING;

    public StewardshipProbe(Path path) {
        this.path = path;
        this.file = new StewardshipFile(path);
    }

    @Override
    public String name() {
        return "what redis-warden apply has decided";
    }

    @Override
    public Reading<Stewardship> read() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            List<Object> stamp = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
            if (!stamp.equals(seen)) {
                latest = file.read();
                seen = stamp;
            }
        } catch (NoSuchFileException e) {
            latest = NOTHING;
            seen = List.of();
        } catch (IOException e) {
            latest = Reading.unknown(Cause.FAILED, path + " cannot be looked at: " + e);
            seen = List.of();
        }
        return latest;
    }
}
