package dev.rediswarden.docker;

import dev.rediswarden.docker.EngineClient.Failed;
import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SwarmContainer;
import dev.rediswarden.snapshot.SwarmNetwork;
import dev.rediswarden.snapshot.SwarmNode;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks a manager for a service: its specification, its tasks, its networks and who else is in them, the Swarm's nodes.
 * Containers are asked about where they are this engine's own. What a proxy holds back of that is unknown alone.
 */
public final class ServiceProbe implements Probe<Optional<SwarmService>> {

    private final String service;
    private final EngineClient engine;

    /** @param service its name, which has kept the configuration's rules: it goes into URLs as it is */
    public ServiceProbe(String service, Engine engine, LongSupplier nanos) {
        this.service = service;
        this.engine = new EngineClient(engine, nanos);
    }

    @Override
    public String name() {
        return "the Swarm service " + service;
    }

    @Override
    public Reading<Optional<SwarmService>> read() {
        try {
            Optional<Json> found = engine.get("/services/" + service);
            return Reading.known(found.isPresent() ? Optional.of(service(found.get())) : Optional.empty());
        } catch (Failed e) {
            return Reading.unknown(e.why(), e.detail());
        }
    }

    private SwarmService service(Json json) throws Failed {
        // By its name alone a filter of tasks finds those of a service whose name begins like it, too.
        String id = json.text("ID").filter(ServiceProbe::isId).orElse(service);
        List<SwarmTask> tasks =
                engine.each("/tasks?filters=%7B%22service%22%3A%5B%22" + id + "%22%5D%7D", TaskReader::task).stream()
                        .flatMap(Optional::stream)
                        .toList();
        Reading<List<SwarmNetwork>> networks = part(() -> networks(id, json));
        Reading<List<SwarmNode>> nodes = part(() -> engine.each("/nodes", NodeReader::node).stream()
                .flatMap(Optional::stream)
                .toList());
        return ServiceReader.service(json, networks, inspected(tasks), nodes);
    }

    /** Of what runs, and of the last that has failed. */
    private List<SwarmTask> inspected(List<SwarmTask> tasks) {
        List<SwarmTask> told = new ArrayList<>();
        Optional<SwarmTask> failed =
                tasks.stream().filter(SwarmTask::hasFailed).max(Comparator.comparing(SwarmTask::at));
        for (SwarmTask task : tasks) {
            boolean runs = task.isWanted() && List.of("starting", "running").contains(task.state());
            boolean asked = isId(task.containerId())
                    && (runs || failed.filter(task::equals).isPresent());
            told.add(asked ? task.with(part(() -> container(task))) : task);
        }
        return told;
    }

    private SwarmContainer container(SwarmTask task) throws Failed {
        return engine.get("/containers/" + task.containerId() + "/json")
                .map(TaskReader::container)
                .orElseThrow(
                        () -> new Failed(Cause.UNAVAILABLE, "the container is another engine's than the one asked"));
    }

    /** Who else is in a network is found in no list of it, but in the others' own specifications. */
    private List<SwarmNetwork> networks(String id, Json json) throws Failed {
        List<String> ids = ServiceReader.networks(json);
        List<ServiceReader.Neighbour> others = ids.isEmpty()
                ? List.of()
                : engine.each("/services", ServiceReader::neighbour).stream()
                        .filter(other -> !other.id().equals(id))
                        .toList();
        List<SwarmNetwork> networks = new ArrayList<>();
        for (String network : ids) {
            Optional<Json> told = isId(network) ? engine.get("/networks/" + network) : Optional.empty();
            List<String> names = others.stream()
                    .filter(other -> other.networks().contains(network)
                            || told.flatMap(known -> known.text("Name"))
                                    .filter(other.networks()::contains)
                                    .isPresent())
                    .map(ServiceReader.Neighbour::name)
                    .toList();
            networks.add(new SwarmNetwork(
                    told.flatMap(known -> known.text("Name")).orElse(network),
                    told.flatMap(known -> known.text("Driver")).orElse(""),
                    told.filter(known -> known.is("Attachable")).isPresent(),
                    names));
        }
        return networks;
    }

    /** An answer's own words go into the next question's URL. */
    private static boolean isId(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    }

    private interface Question<T> {
        T ask() throws Failed;
    }

    private static <T> Reading<T> part(Question<T> question) {
        try {
            return Reading.known(question.ask());
        } catch (Failed e) {
            return Reading.unknown(e.why(), e.detail());
        }
    }
}
