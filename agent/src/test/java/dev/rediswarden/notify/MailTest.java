package dev.rediswarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver.Address;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a hostile server says stays text, in mail and in chat. */
class MailTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HOSTILE =
            "boom\r\nBcc: victim@example.com\u2028\u001b[31m <!channel> & @here" + "x".repeat(3000);

    private static final Message MESSAGE = new Message(
            "the-id",
            "wéb1",
            AT,
            List.of(new Change(Status.OK, AT, new Standing("ping", Status.UNHEALTHY, AT, HOSTILE, "redis-cli ping"))),
            0,
            false,
            false);

    @Test
    void headersAreOursAloneAndLinesShort() {
        Address address = new Address(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("ops@example.com", "root"),
                Optional.of("warden@example.com"),
                List.of());
        Pace pace = new Pace(Duration.ZERO, Duration.ZERO, 1, Duration.ofSeconds(1));
        String text = new Mail(new Receiver("m", Kind.EMAIL, address, Status.DEGRADED, List.of(), pace)).text(MESSAGE);
        String head = text.substring(0, text.indexOf("\n\n"));

        assertThat(head.lines())
                .contains(
                        "From: warden@example.com",
                        "To: ops@example.com, root",
                        "Message-ID: <the-id@redis-warden.invalid>",
                        "Date: Thu, 1 Jan 2026 00:00:00 +0000",
                        "Auto-Submitted: auto-generated")
                .allMatch(line -> line.matches("[A-Z][A-Za-z-]+: [ -~]+"))
                .noneMatch(line -> line.startsWith("Bcc"));
        assertThat(head).containsPattern("Subject: =\\?utf-8\\?B\\?");
        assertThat(text.lines()).allMatch(line -> line.length() <= 998);
        assertThat(text)
                .doesNotContain("\u001b", "\r", "\u2028")
                .contains("ping is unhealthy (was ok): boom", "Bcc: victim");
    }

    @Test
    void inChatItCallsNobody() {
        assertThat(Bodies.slack(MESSAGE)).doesNotContain("<!channel>", "@here");
    }
}
