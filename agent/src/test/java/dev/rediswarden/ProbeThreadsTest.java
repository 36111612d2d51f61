package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeThreadsTest {

    private final ProbeThreads threads = ProbeThreads.create();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void close() {
        end.countDown();
        threads.shutdownNow();
    }

    @Test
    void probesThatEndShareAFewThreads() throws Exception {
        CountDownLatch done = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            threads.execute(done::countDown);
        }

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.getLargestPoolSize()).isLessThanOrEqualTo(4);
    }

    @Test
    void probesThatHangKeepNoOtherWaiting() throws Exception {
        CountDownLatch done = new CountDownLatch(50);
        for (int i = 0; i < 100; i++) {
            threads.execute(i % 2 == 0 ? this::hang : done::countDown);
        }

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(end.getCount()).as("those still hang").isEqualTo(1);

        end.countDown();
        await("those that are not needed any more are gone").until(() -> threads.getPoolSize() <= 4);
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
