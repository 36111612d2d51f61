package dev.rediswarden.http;

import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Lets in who knows a password. Passwords are hashed by one thread that does nothing else, one at a time, and few wait
 * for it: who guesses takes at most one core, and no thread from those who are known.
 */
final class Gate implements AutoCloseable {

    private enum Answer {
        IN,
        OUT,
        BUSY
    }

    private static final int WAITING = 16;
    private static final int OF_EACH = WAITING / 4;

    private final Supplier<Users> users;
    private final Executor answers;
    private final ThreadPoolExecutor bcrypt;
    private final Map<ByteBuffer, CompletableFuture<Answer>> asked = new ConcurrentHashMap<>();
    /** By address, how many passwords wait to be tried. */
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    private final AtomicLong refused = new AtomicLong();

    /**
     * Begins nothing: its thread is there while it has something to do.
     *
     * @param answers goes on with a request
     */
    Gate(Supplier<Users> users, Executor answers) {
        this.users = users;
        this.answers = answers;
        this.bcrypt = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
            Thread thread = new Thread(work, "bcrypt");
            thread.setDaemon(true);
            return thread;
        });
        bcrypt.allowCoreThreadTimeOut(true);
    }

    void admit(Context request) {
        Optional<Login> login = Login.of(request.header("Authorization"));
        if (login.isEmpty()) {
            refuse(request, Answer.OUT);
            return;
        }
        Users now = users.get();
        if (!now.remember(login.get())) {
            String from = request.ip();
            request.future(
                    () -> prove(now, login.get(), from).thenAcceptAsync(answer -> refuse(request, answer), answers));
        }
    }

    /** How many requests were, since it is there. */
    long refused() {
        return refused.get();
    }

    /** Once for all who ask the same at the same time; one address takes a quarter of the places, and not all. */
    private CompletableFuture<Answer> prove(Users now, Login login, String from) {
        ByteBuffer mark = ByteBuffer.wrap(now.mark(login));
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> theirs = asked.putIfAbsent(mark, mine);
        if (theirs != null) {
            return theirs;
        }
        if (waiting.merge(from, 1, Integer::sum) > OF_EACH) {
            left(from);
            asked.remove(mark);
            mine.complete(Answer.BUSY);
            return mine;
        }
        try {
            bcrypt.execute(() -> {
                Answer answer = Answer.OUT;
                try {
                    answer = now.prove(login) ? Answer.IN : Answer.OUT;
                } finally {
                    left(from);
                    asked.remove(mark);
                    mine.complete(answer);
                }
            });
        } catch (RejectedExecutionException e) {
            left(from);
            asked.remove(mark);
            mine.complete(Answer.BUSY);
        }
        return mine;
    }

    private void left(String from) {
        waiting.computeIfPresent(from, (address, count) -> count > 1 ? count - 1 : null);
    }

    private void refuse(Context request, Answer answer) {
        switch (answer) {
            case IN -> {}
            case OUT -> {
                refused.incrementAndGet();
                request.header("WWW-Authenticate", "Basic realm=\"redis-warden\", charset=\"UTF-8\"");
                refuse(request, 401, "a name and its password are needed\n");
            }
            case BUSY -> {
                request.header("Retry-After", "1");
                refuse(request, 429, "too many passwords are being tried\n");
            }
        }
    }

    private static void refuse(Context request, int code, String why) {
        request.header("Cache-Control", "no-store");
        request.header("X-Content-Type-Options", "nosniff");
        request.status(code).contentType("text/plain; charset=utf-8").result(why);
        request.skipRemainingHandlers();
    }

    @Override
    public void close() {
        bcrypt.shutdownNow();
    }
}
