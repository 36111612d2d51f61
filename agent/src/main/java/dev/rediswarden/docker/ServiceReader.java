package dev.rediswarden.docker;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SwarmMount;
import dev.rediswarden.snapshot.SwarmNetwork;
import dev.rediswarden.snapshot.SwarmNode;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Port;
import dev.rediswarden.snapshot.SwarmService.Update;
import dev.rediswarden.snapshot.SwarmTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What of a service's JSON is judged. */
final class ServiceReader {

    private ServiceReader() {}

    /** Another service, and the networks that it is in, by number or by name as it has them. */
    record Neighbour(String id, String name, List<String> networks) {}

    static SwarmService service(
            Json json, Reading<List<SwarmNetwork>> networks, List<SwarmTask> tasks, Reading<List<SwarmNode>> nodes) {
        Json task = json.at("Spec", "TaskTemplate");
        return new SwarmService(
                json.text("Spec", "Name").orElse(""),
                json.has("Spec", "Mode", "Replicated")
                        ? OptionalLong.of(json.number("Spec", "Mode", "Replicated", "Replicas")
                                .orElse(1))
                        : OptionalLong.empty(),
                task.text("ContainerSpec", "Image").orElse(""),
                task.texts("Placement", "Constraints"),
                positive(task.number("Resources", "Limits", "MemoryBytes")),
                positive(task.number("Resources", "Reservations", "MemoryBytes")),
                task.items("ContainerSpec", "Mounts").stream()
                        .map(ServiceReader::mount)
                        .toList(),
                ports(json),
                update(json),
                networks,
                tasks,
                nodes);
    }

    /** Those of its specification; a service of before Docker 17.06 has them elsewhere. */
    static List<String> networks(Json json) {
        return Stream.concat(
                        json.items("Spec", "TaskTemplate", "Networks").stream(),
                        json.items("Spec", "Networks").stream())
                .map(network -> network.text("Target"))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    static Neighbour neighbour(Json json) {
        return new Neighbour(
                json.text("ID").orElse(""), json.text("Spec", "Name").orElse("?"), networks(json));
    }

    private static OptionalLong positive(OptionalLong number) {
        return number.orElse(0) > 0 ? number : OptionalLong.empty();
    }

    private static SwarmMount mount(Json json) {
        return new SwarmMount(
                json.text("Type").orElse("bind"),
                json.text("Source").orElse(""),
                json.text("Target").orElse(""),
                json.text("VolumeOptions", "DriverConfig", "Name").orElse(""),
                json.text("VolumeOptions", "DriverConfig", "Options", "type").orElse(""),
                json.is("ReadOnly"));
    }

    /** As the Swarm has assigned them; before it has, as they are wished for. */
    private static List<Port> ports(Json json) {
        List<Json> assigned = json.items("Endpoint", "Ports");
        List<Json> ports = assigned.isEmpty() ? json.items("Spec", "EndpointSpec", "Ports") : assigned;
        return ports.stream()
                .map(port -> new Port(
                        port.number("PublishedPort").orElse(0),
                        port.number("TargetPort").orElse(0),
                        port.text("Protocol").orElse("tcp"),
                        port.text("PublishMode").filter("host"::equals).isPresent()))
                .toList();
    }

    private static Optional<Update> update(Json json) {
        return json.text("UpdateStatus", "State")
                .filter(state -> !state.isEmpty())
                .map(state -> new Update(
                        state,
                        json.text("UpdateStatus", "Message").orElse(""),
                        json.instant("UpdateStatus", "StartedAt").orElse(Instant.EPOCH),
                        json.has("PreviousSpec")));
    }
}
