package dev.rediswarden.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rediswarden.socket.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    private static final String OK = "HTTP/1.0 200 OK\r\n";

    @Test
    void aWholeAnswerIsTaken() throws IOException {
        assertThat(parse(OK + "Server: x\r\nContent-Length: 4\r\n\r\nbody")).isEqualTo(new Reply(200, "", "body"));
        assertThat(parse("HTTP/1.1 503 Gone\r\n\r\n")).isEqualTo(new Reply(503, "", ""));
        assertThat(parse("HTTP/1.1 204\r\n\r\n").code()).isEqualTo(204);
        assertThat(parse(OK + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nbo\r\n02\r\ndy\r\n0\r\n\r\n"))
                .isEqualTo(new Reply(200, "", "body"));
        assertThat(parse("HTTP/1.0 302 Found\r\nlocation:  /there \r\n\r\n").location())
                .isEqualTo("/there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "H",
                "HTTP/1.",
                "HTTP/1.0 200 OK",
                OK,
                OK + "Server: x\r\n",
                OK + "Content-Length: 5\r\n\r\nbody",
                OK + "Transfer-Encoding: chunked\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\nok\r\n0\r\n\r\n",
            })
    void whatIsNotWholeIsBrokenOff(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Reply.BrokenOff.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n\r\n",
                "-ERR unknown command\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.0 999 Odd\r\n\r\n",
                OK + "Transfer-Encoding: gzip\r\n\r\nok",
                OK + "Transfer-Encoding: chunked\r\n\r\nok\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\nok\r\n0\r\n\r\n",
                OK + "Content-Length: -1\r\n\r\n",
                OK + "Content-Length: 99999999999999999999\r\n\r\n",
            })
    void whatIsNoAnswerIsNotUnderstood(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Reply.NotUnderstood.class);
    }

    @Test
    void oneThatDoesNotEndIsReadNoFurtherThanItsBound() {
        byte[] endless = (OK + "\r\n" + "x".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII);
        ByteArrayInputStream in = new ByteArrayInputStream(endless);

        assertThatThrownBy(() -> Reply.read(in))
                .isInstanceOf(Reply.NotUnderstood.class)
                .hasMessage("more than 64 kB");
        assertThat(endless.length - in.available()).isLessThan(80 << 10);
    }

    @Test
    void whateverComesIsAnAnswerOrOneOfTheTwo() {
        Random random = new Random(20_260_107);
        byte[] good = (OK + "Location: /\r\nContent-Length: 17\r\n\r\n{\"status\": \"ok\"}\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(good.length + 1)];
            System.arraycopy(good, 0, bytes, 0, bytes.length);
            for (int change = random.nextInt(4); change > 0 && bytes.length > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Reply reply = Reply.parse(bytes);
                assertThat(reply.code()).isBetween(100, 599);
                HealthBody.of(reply.body());
            } catch (IOException e) {
                assertThat(e).isInstanceOfAny(Reply.BrokenOff.class, Reply.NotUnderstood.class);
            }
        }
    }

    @Test
    void aBodyTellsItsWordAndWhatIsNotWell() throws IOException {
        HealthBody flat = HealthBody.of(
                "{\"status\": \"degraded\", \"checks\": {\"a\": \"ok\", \"b\": \"Timeout\", \"c\": false}}");
        HealthBody deep = HealthBody.of(
                "{\"status\": \"unhealthy\", \"checks\": {\"a\": {\"status\": \"ok\"}, \"b\": {\"status\":"
                        + " \"unhealthy\", \"detail\": \"refused\"}, \"c\": {\"ms\": 3}, \"d\": null, \"e\": 12}}");

        assertThat(flat).isEqualTo(new HealthBody(Optional.of("degraded"), List.of("b: Timeout", "c: false")));
        assertThat(deep.parts()).containsExactly("b: unhealthy, refused", "d: null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>{}</html>", "ok", "[1]", "{}", "{\"checks\": []}"})
    void aBodyOfSomethingElseSaysNothing(String body) throws IOException {
        assertThat(HealthBody.of(body)).isEqualTo(new HealthBody(Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"status\": \"ok\"", "{\"status\": \"ok\"} x", "{\"status\": [[[[["})
    void jsonThatIsCutOffIsNotUnderstood(String body) {
        assertThatThrownBy(() -> HealthBody.of(body)).isInstanceOf(Reply.NotUnderstood.class);
    }

    @Test
    void structuresWithoutBottomAreNotFollowed() {
        String deep = "{\"status\":" + "[".repeat(30_000);
        assertThatThrownBy(() -> HealthBody.of(deep)).isInstanceOf(Reply.NotUnderstood.class);
        assertThatThrownBy(() -> HealthBody.of(deep + "]".repeat(30_000) + "}"))
                .isInstanceOf(Reply.NotUnderstood.class);
    }

    @Test
    void whatABodySaysIsShortAndPrintable() throws IOException {
        StringBuilder checks = new StringBuilder("{\"status\": \"\\u001b[2J" + "x".repeat(1000) + "\", \"checks\": {");
        for (int i = 0; i < 100; i++) {
            checks.append("\"c").append(i).append("\\n\": \"bad\\r\\n\",");
        }
        HealthBody body = HealthBody.of(checks.append("\"z\": 1}}").toString());

        assertThat(body.word().orElseThrow()).hasSize(81).startsWith("[2Jxxx").endsWith("…");
        assertThat(body.parts()).hasSize(8).contains("c0: bad");
    }

    @Test
    void aStarIsForOneLabel() {
        assertThat(Names.isFor("acme.test", "acme.test")).isTrue();
        assertThat(Names.isFor("ACME.test", "acme.test")).isTrue();
        assertThat(Names.isFor("*.acme.test", "www.acme.test")).isTrue();
        assertThat(Names.isFor("*.acme.test", "acme.test")).isFalse();
        assertThat(Names.isFor("*.acme.test", "a.b.acme.test")).isFalse();
        assertThat(Names.isFor("*.test", "acme.test")).isFalse();
        assertThat(Names.isFor("*", "acme.test")).isFalse();
        assertThat(Names.isFor("", "acme.test")).isFalse();
    }

    private static Reply parse(String text) throws IOException {
        return Reply.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
