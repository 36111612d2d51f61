package dev.rediswarden.socket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and their key as files in PEM (RFC 7468) have them; no message repeats what is in one. */
public final class Pem {

    private static final Pattern KEY = Pattern.compile("-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([^-]*)-----END");

    private Pem() {}

    /** The first is the host's own. */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try (var in = Files.newInputStream(file)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                chain.add((X509Certificate) certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds what is no certificate in PEM");
        }
        if (chain.isEmpty()) {
            throw new IOException(file + " holds no certificate");
        }
        return chain;
    }

    /** @param of whose key it is to be; another one would make every handshake fail */
    public static PrivateKey key(Path file, PublicKey of) throws IOException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(file + " holds no private key in PEM");
        }
        if (!pem.group(1).isEmpty()) {
            throw new IOException(file + " holds a key that is encrypted or of an older form; mend with:"
                    + " openssl pkcs8 -topk8 -nodes -in " + file + " -out NEW-FILE");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            PrivateKey key = KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
            if (isPair(key, of)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Whatever it is, it is not this certificate's.
        }
        throw new IOException(file + " does not hold the key of the certificate");
    }

    private static boolean isPair(PrivateKey key, PublicKey of) throws GeneralSecurityException {
        String algorithm =
                switch (of.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> of.getAlgorithm();
                };
        byte[] text = new byte[32];
        Arrays.fill(text, (byte) 7);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(of);
        signature.update(text);
        return signature.verify(signed);
    }
}
