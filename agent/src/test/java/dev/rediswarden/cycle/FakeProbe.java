package dev.rediswarden.cycle;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A probe that answers what it is told to, counts, and can be made to hang. */
final class FakeProbe<T> implements Probe<T> {

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger readsAfterClose = new AtomicInteger();
    private final String name;
    private volatile Supplier<Reading<T>> answer;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Optional<Reading<T>> atHand = Optional.empty();

    FakeProbe(String name, Supplier<Reading<T>> answer) {
        this.name = name;
        this.answer = answer;
    }

    void answers(Supplier<Reading<T>> next) {
        answer = next;
    }

    void knows(Reading<T> reading) {
        atHand = Optional.of(reading);
    }

    void hang() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Reading<T>> atHand() {
        return atHand;
    }

    @Override
    public Reading<T> read() {
        reads.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closed.get() > 0) {
            readsAfterClose.incrementAndGet();
        }
        try {
            return answer.get();
        } finally {
            done.incrementAndGet();
        }
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }
}
