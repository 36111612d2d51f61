package dev.rediswarden.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The sections of a page that have blocks of commands, in its order and as they are written there. */
record Runbook(Path page) {

    record Section(String title, List<String> blocks) {

        @Override
        public String toString() {
            return title;
        }
    }

    Stream<Section> sections() throws IOException {
        List<Section> sections = new ArrayList<>();
        StringBuilder block = null;
        for (var line : Files.readAllLines(page)) {
            if (block != null && !line.equals("```")) {
                block.append(line).append('\n');
            } else if (block != null) {
                sections.get(sections.size() - 1).blocks().add(block.toString());
                block = null;
            } else if (line.equals("```sh")) {
                block = new StringBuilder();
            } else if (line.matches("##+ .*")) {
                sections.add(new Section(line.replaceFirst("#+ ", ""), new ArrayList<>()));
            }
        }
        return sections.stream().filter(section -> !section.blocks().isEmpty());
    }
}
