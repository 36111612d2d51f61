package dev.rediswarden.notify;

import java.io.IOException;

/** One way to reach a receiver. */
interface Carrier {

    /**
     * Tries once; may take as long as the receiver's timeout, and blocks for it.
     *
     * @param tries that were made before
     * @throws IOException where it did not succeed and may later; its message holds no secret
     */
    Attempt carry(Message message, int tries) throws IOException;

    /** The one of this receiver. */
    static Carrier of(Receiver receiver, java.util.function.LongSupplier nanos, java.time.InstantSource clock) {
        return switch (receiver.kind()) {
            case WEBHOOK ->
                (message, tries) -> new HttpPost(receiver, nanos).send(message.id(), Bodies.webhook(message, tries));
            case SLACK -> (message, tries) -> new HttpPost(receiver, nanos).send(message.id(), Bodies.slack(message));
            case ALERTMANAGER ->
                (message, tries) ->
                        new HttpPost(receiver, nanos).send(message.id(), AlertBody.of(message, clock.instant()));
            case EMAIL -> (message, tries) -> new Mail(receiver).send(message);
            case COMMAND ->
                (message, tries) -> Program.attempt(new Program(
                                receiver.address().command(), receiver.pace().timeout())
                        .run(message.id(), Bodies.webhook(message, tries)));
        };
    }
}
