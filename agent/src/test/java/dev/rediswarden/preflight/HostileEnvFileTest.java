package dev.rediswarden.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is in the file: each variable has its verdict, of one printable line, and no piece of the password in it. */
class HostileEnvFileTest {

    private static final int ROUNDS = 20_000;
    private static final String SECRET = "hunter2hunter2";
    private static final String GOOD = """
            # the site
            SECRET_KEY='%s'
            export REDIS_URL=redis://:%s@127.0.0.1:6379/0
            CELERY_BROKER_URL="rediss://celery:%s@redis.example:6380/1?ssl_cert_reqs=CERT_REQUIRED&ssl_ca_certs=/etc/ca.pem"
            CELERY_RESULT_BACKEND='redis+socket:///run/redis.sock?virtual_host=2&password=%s'
            """.replace("%s", SECRET);
    private static final List<String> PIECES = List.of(
            "=",
            "'",
            "\"",
            "\n",
            "\r",
            "#",
            "$",
            "${",
            "}",
            "\\",
            " ",
            "\t",
            "\u0000",
            "\u001b[31m",
            "export ",
            "://",
            "@",
            ":",
            "/",
            "?",
            "&",
            "%",
            "%0",
            "%00",
            "%ff",
            "%\u0661\u0661",
            "[",
            "]",
            ";redis://",
            ",redis://",
            "\ud83d",
            "REDIS_URL=",
            "99999999999",
            "-1");

    private final Random random = new Random(20_261_122);

    @Test
    void mutationsOfAGoodFile() {
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int i = random.nextInt(5); i >= 0; i--) {
                int at = random.nextInt(text.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(12)));
                    default -> text.insert(at, (char) random.nextInt(0x250));
                }
            }
            examine(text.toString());
        }
    }

    @Test
    void randomBytes() {
        for (int round = 0; round < ROUNDS / 5; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String noise = new String(bytes, StandardCharsets.UTF_8);
            examine(noise);
            examine("REDIS_URL=redis://" + noise);
            examine("CELERY_BROKER_URL='rediss://" + noise + "'");
        }
    }

    @Test
    void aLongFileTakesNoLongTime() {
        for (String piece :
                List.of("REDIS_URL=", "X='\n", "\\\n", "%", "REDIS_URL=redis://@", "export ", "\"'", "&a=")) {
            examine("REDIS_URL=redis://" + piece.repeat(100_000 / piece.length()));
            examine(piece.repeat(100_000 / piece.length()));
        }
    }

    private static void examine(String text) {
        EnvFile file = EnvFile.parse(text);
        Judge judge = new Judge(Origin.file("/srv/.env"));
        for (Variable variable : Variable.values()) {
            Question question = judge.question(variable, file.value(variable.key()), false);
            Verdict verdict = question instanceof Question.Ask ask
                    ? judge.verdict(
                            variable,
                            ask,
                            new Visit(Visit.Step.AUTH, Visit.Outcome.TIMEOUT, "x", Duration.ZERO),
                            Optional.empty())
                    : ((Question.Settled) question).verdict();
            assertThat(verdict.detail() + verdict.findings())
                    .doesNotContain("hunter2")
                    .matches(line -> line.chars().noneMatch(Character::isISOControl), "is printable");
            assertThat(question.toString() + file.value(variable.key())).doesNotContain(SECRET);
        }
    }
}
