package dev.rediswarden.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** A file that the page asks for, from the program itself; its path changes with its bytes, so that it may be kept for ever. */
public final class Asset {

    private static final String UNDER = "/assets/";

    private static final Map<String, Asset> ALL = List.of(
                    new Asset("page.css", "text/css; charset=utf-8"),
                    new Asset("page.js", "text/javascript; charset=utf-8"),
                    new Asset("uPlot.min.css", "text/css; charset=utf-8"),
                    new Asset("uPlot.iife.min.js", "text/javascript; charset=utf-8"))
            .stream()
            .collect(Collectors.toUnmodifiableMap(asset -> asset.name, Function.identity()));

    private final String name;
    private final String contentType;
    private final String version;

    private Asset(String name, String contentType) {
        this.name = name;
        this.contentType = contentType;
        CRC32 crc = new CRC32();
        crc.update(bytes());
        this.version = Long.toHexString(crc.getValue());
    }

    /** @throws IllegalArgumentException for a name that is none of the program's */
    static Asset of(String name) {
        return Optional.ofNullable(ALL.get(name)).orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** Empty where there is none of this version. */
    public static Optional<Asset> of(String version, String name) {
        return Optional.ofNullable(ALL.get(name)).filter(asset -> asset.version.equals(version));
    }

    /** {@code /assets/VERSION/NAME}. */
    String path() {
        return UNDER + version + "/" + name;
    }

    public String contentType() {
        return contentType;
    }

    /** Read each time: a browser asks once. */
    public byte[] bytes() {
        try (InputStream in = Asset.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
