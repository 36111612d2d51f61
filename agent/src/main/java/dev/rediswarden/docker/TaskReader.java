package dev.rediswarden.docker;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SwarmContainer;
import dev.rediswarden.snapshot.SwarmMount;
import dev.rediswarden.snapshot.SwarmTask;
import java.util.List;
import java.util.Optional;

/** What of a task's JSON, and of its container's, is judged. */
final class TaskReader {

    private TaskReader() {}

    /** Empty for what is no task: one has a state at least. */
    static Optional<SwarmTask> task(Json json) {
        return json.text("Status", "State")
                .flatMap(state -> json.instant("CreatedAt")
                        .map(created -> new SwarmTask(
                                json.text("ID").orElse(""),
                                json.text("NodeID").orElse(""),
                                state,
                                json.text("DesiredState").orElse(""),
                                json.text("Status", "Err").orElse(""),
                                created,
                                json.instant("Status", "Timestamp").orElse(created),
                                json.number("Status", "ContainerStatus", "ExitCode"),
                                json.text("Spec", "ContainerSpec", "Image").orElse(""),
                                json.text("Status", "ContainerStatus", "ContainerID")
                                        .orElse(""),
                                Reading.unknown(Cause.NOT_READ, "nobody asked for its container"))));
    }

    static SwarmContainer container(Json json) {
        List<Json> looks = json.items("State", "Health", "Log");
        return new SwarmContainer(
                json.text("State", "Health", "Status")
                        .filter(status -> !status.equals("none"))
                        // Docker calls each unhealthy that it has stopped.
                        .filter(status -> !status.equals("unhealthy")
                                || json.number("State", "Health", "FailingStreak")
                                                .orElse(0)
                                        > 0)
                        .orElse(""),
                looks.isEmpty()
                        ? ""
                        : looks.get(looks.size() - 1).text("Output").orElse(""),
                json.is("State", "OOMKilled"),
                json.items("Mounts").stream().map(TaskReader::mount).toList());
    }

    private static SwarmMount mount(Json json) {
        return new SwarmMount(
                json.text("Type").orElse("bind"),
                json.text("Name").or(() -> json.text("Source")).orElse(""),
                json.text("Destination").orElse(""),
                json.text("Driver").orElse(""),
                "",
                json.has("RW") && !json.is("RW"));
    }
}
