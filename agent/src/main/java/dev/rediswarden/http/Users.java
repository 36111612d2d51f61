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

    private static final String ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Bytes that bcrypt looks at; a longer one would be as good as its beginning. */
    private static final int LONGEST = 71;

    private static final String HMAC = "HmacSHA256";

    private final Map<String, byte[]> hashes;
    private final byte[] strangers;
    private final SecretKeySpec key;
    private final Map<String, byte[]> proven = new ConcurrentHashMap<>();

    private Users(Map<String, byte[]> hashes, byte[] strangers, byte[] key) {
        this.hashes = hashes;
        this.strangers = strangers;
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
        String cost = "04";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher user = LINE.matcher(line);
            if (user.matches()) {
                hashes.put(user.group(1), user.group(2).getBytes(StandardCharsets.US_ASCII));
                cost = user.group(3).compareTo(cost) > 0 ? user.group(3) : cost;
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
        return of(Map.of(), "04");
    }

    private static Users of(Map<String, byte[]> hashes, String cost) {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new Users(hashes, nobodys(cost, random), key);
    }

    /** A hash that no password is known for: asked of who is not there, it takes as long as of who is. */
    private static byte[] nobodys(String cost, SecureRandom random) {
        StringBuilder hash = new StringBuilder("$2a$").append(cost).append('$');
        // The last character of salt and hash has bits that none of theirs fill.
        for (int i = 1; i <= 53; i++) {
            hash.append(i == 22 || i == 53 ? '.' : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return hash.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the same was proven before; within microseconds. */
    boolean remember(Login login) {
        byte[] mark = mark(login);
        return MessageDigest.isEqual(proven.getOrDefault(login.name(), new byte[0]), mark);
    }

    /** Whether the password is the user's; as slow as its hash was made to be, whoever is named. */
    boolean prove(Login login) {
        byte[] hash = hashes.getOrDefault(login.name(), strangers);
        byte[] password = login.password();
        boolean usable = password.length > 0 && password.length <= LONGEST;
        byte[] tried = usable ? password : Arrays.copyOf(password, LONGEST);
        boolean right = BCrypt.verifyer().verify(tried, hash).verified && usable && hashes.containsKey(login.name());
        if (right) {
            proven.put(login.name(), mark(login));
        }
        return right;
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
