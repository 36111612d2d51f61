package dev.rediswarden.host;

import dev.rediswarden.host.VerificationFile.Entry;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Verifies what a restart of one server would load. What is as it was when it was verified last is not read again. */
final class InstanceVerifier {

    /** How often the list of files is read: a rewrite replaces some of them, and deletes the others. */
    private static final int TRIES = 2;

    /** Of a file that could not be looked at: no file is it. */
    private static final FileIdentity NOWHERE = new FileIdentity(0, 0, Instant.EPOCH);

    private final String instance;
    private final FileVerifier verifier;
    private final InstantSource clock;
    private final Map<Path, Entry> known = new LinkedHashMap<>();

    /** @param before what was found earlier */
    InstanceVerifier(String instance, FileVerifier verifier, List<Entry> before, InstantSource clock) {
        this.instance = instance;
        this.verifier = verifier;
        this.clock = clock;
        before.forEach(entry -> known.put(entry.path(), entry));
    }

    /**
     * One verdict for each file.
     *
     * @param found told each as it comes, where it was looked at
     * @throws NoSuchFileException where there is no list of files
     */
    List<Entry> verify(Fields config, Consumer<RestartFile> begun, Consumer<Entry> found) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int tries = 1; tries <= TRIES; tries++) {
            entries.clear();
            List<RestartFile> files;
            try {
                files = RestartFile.of(config);
            } catch (NoSuchFileException e) {
                if (tries < TRIES) {
                    continue;
                }
                throw e;
            }
            for (RestartFile file : files) {
                entries.add(verified(file, begun, found));
            }
            if (entries.stream().noneMatch(entry -> entry.outcome() == Outcome.CHANGED)) {
                break;
            }
        }
        return entries;
    }

    private Entry verified(RestartFile file, Consumer<RestartFile> begun, Consumer<Entry> found) {
        Entry before = known.get(file.path());
        try {
            if (before != null
                    && before.outcome().isKnown()
                    && before.identity().equals(FileIdentity.of(file.path()))) {
                return before;
            }
            begun.accept(file);
            FileVerifier.Found now = verifier.verify(file);
            return told(file, now.identity(), now.said(), found);
        } catch (NoSuchFileException e) {
            return told(
                    file, NOWHERE, new ToolWords(Outcome.CHANGED, 0, e.getFile() + " is not there any more"), found);
        } catch (AccessDeniedException e) {
            return told(file, NOWHERE, new ToolWords(Outcome.DENIED, 0, "this user may not see " + e.getFile()), found);
        } catch (IOException e) {
            // A disk that fails says so here.
            String why = file.path() + " could not be read: " + e.getMessage();
            return told(file, NOWHERE, new ToolWords(Outcome.NOT_UNDERSTOOD, 0, why), found);
        }
    }

    private Entry told(RestartFile file, FileIdentity identity, ToolWords said, Consumer<Entry> found) {
        Kind kind = file.kind();
        Entry entry = new Entry(
                instance, kind, file.path(), identity, said.outcome(), said.offset(), said.words(), clock.instant());
        known.put(file.path(), entry);
        found.accept(entry);
        return entry;
    }
}
