package dev.rediswarden.http;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may ask: names with bcrypt hashes, and who has proven to know the password since they were read. Of a password
 * that was right a keyed hash is kept, so that the next scrape costs no tenth of a second of the processor.
 */
final class Users {

    private static final Pattern LINE =
            Pattern.compile("([^:\\p{Cntrl}]{1,128}):(\\$2[aby]\\$(0[4-9]|1[0-2])\\$[./A-Za-z0-9]{53})");

    private static final int CHEAPEST = 4;

    /** Salt and hash of nobody: who is not there is never let in, whatever it is compared with. */
    private static final String NOBODYS = ".".repeat(53);

    /** Bytes that bcrypt looks at; a longer one would be as good as its beginning. */
    private static final int LONGEST = 71;

    private static final String HMAC = "HmacSHA256";

    private final Map<String, byte[]> hashes;
    private final int cost;
    private final SecretKeySpec key;
    private final Map<String, byte[]> proven = new ConcurrentHashMap<>();

    private Users(Map<String, byte[]> hashes, int cost, byte[] key) {
        this.hashes = hashes;
        this.cost = cost;
        this.key = new SecretKeySpec(key, HMAC);
    }

    /**
     * From lines {@code NAME:HASH}, as {@code htpasswd -B} writes them (htpasswd(1)).
     *
     * @param nobody whether the last of them may have been taken out: then nobody gets in
     * @throws IOException where there is another line, said by its number alone, or nobody
     */
    static Users of(Path file, boolean nobody) throws IOException {
        Map<String, byte[]> hashes = new HashMap<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        int cost = CHEAPEST;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher user = LINE.matcher(line);
            if (user.matches()) {
                hashes.put(user.group(1), user.group(2).getBytes(StandardCharsets.US_ASCII));
                cost = Math.max(cost, Integer.parseInt(user.group(3)));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IOException(file + ":" + (i + 1)
                        + " must be NAME:HASH with bcrypt's hash of a cost up to 12, as htpasswd -nB NAME prints it");
            }
        }
        if (hashes.isEmpty() && !nobody) {
            throw new IOException(file + " names nobody; add what htpasswd -nB NAME prints");
        }
        return of(hashes, cost);
    }

    /** Whose file is gone. */
    static Users nobody() {
        return of(Map.of(), CHEAPEST);
    }

    private static Users of(Map<String, byte[]> hashes, int cost) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new Users(hashes, cost, key);
    }

    private static byte[] nobodys(int cost) {
        return "$2a$%02d$%s".formatted(cost, NOBODYS).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the same was proven before; within microseconds. */
    boolean remember(Login login) {
        byte[] mark = mark(login);
        return MessageDigest.isEqual(proven.getOrDefault(login.name(), new byte[0]), mark);
    }

    /** Whether the password is the user's; as slow as the dearest hash was made to be, whoever is named. */
    boolean prove(Login login) {
        byte[] own = hashes.get(login.name());
        byte[] password = login.password();
        boolean usable = password.length > 0 && password.length <= LONGEST;
        byte[] tried = usable ? password : Arrays.copyOf(password, LONGEST);
        boolean right = BCrypt.verifyer().verify(tried, own == null ? nobodys(cost) : own).verified;
        if (right && usable && own != null) {
            proven.put(login.name(), mark(login));
            return true;
        }
        // Each cost is twice the one below: a hash that is cheaper, and one each from its own cost on, are the dearest.
        for (int more = own == null ? cost : cost(own); more < cost; more++) {
            BCrypt.verifyer().verify(tried, nobodys(more));
        }
        return false;
    }

    /** {@code $2y$10$…}. */
    private static int cost(byte[] hash) {
        return (hash[4] - '0') * 10 + hash[5] - '0';
    }

    /** What tells one login from another, of which nothing can be read. */
    byte[] mark(Login login) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(login.name().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) ':'); // no name has one
            return mac.doFinal(login.password());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }
}
