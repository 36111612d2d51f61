package dev.rediswarden.site;

import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** For which names a certificate is (RFC 6125, 6.4: subjectAltName alone, and a star for one whole label on the left). */
final class Names {

    /** RFC 5280, 4.2.1.6: dNSName. */
    private static final int DNS_NAME = 2;

    private Names() {}

    static Certificate of(X509Certificate certificate, String domain) {
        List<String> names = names(certificate);
        return new Certificate(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                names.stream().anyMatch(name -> isFor(name, domain)),
                names.stream().limit(3).collect(Collectors.joining(", ")) + (names.size() > 3 ? ", …" : ""));
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> all = Optional.ofNullable(certificate.getSubjectAlternativeNames())
                    .orElse(List.of());
            return all.stream()
                    .filter(name ->
                            name.size() == 2 && Integer.valueOf(DNS_NAME).equals(name.get(0)))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    static boolean isFor(String name, String domain) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("*.")) {
            return lower.equals(domain);
        }
        int dot = domain.indexOf('.');
        return dot > 0 && domain.substring(dot).equals(lower.substring(1)) && lower.indexOf('.', 2) > 0;
    }
}
