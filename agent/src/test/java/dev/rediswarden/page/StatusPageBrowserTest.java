package dev.rediswarden.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rediswarden.history.GivenHistory;
import dev.rediswarden.http.Served;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.UnitState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in Debian's Chromium: as it is seen, by a scan for what keeps people out, by keyboard, and without JavaScript. */
class StatusPageBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path PICTURES = Path.of("target", "status-page");
    private static final Dimension PHONE = new Dimension(390, 844);
    private static final Dimension DESK = new Dimension(1280, 1000);

    private static String axe = "";

    private Served served = new Served(GivenHistory.ofADay(), GivenHistory.someEvents());
    private final List<ChromeDriver> browsers = new ArrayList<>();

    @BeforeAll
    static void prepare() throws IOException {
        boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
        if (System.getenv("CI") != null) {
            assertThat(there).as("CI installs chromium and chromium-driver").isTrue();
        }
        assumeTrue(there, "the page is not tried: apt install chromium chromium-driver");
        Files.createDirectories(PICTURES);
        Properties pom = new Properties();
        try (InputStream in = StatusPageBrowserTest.class.getResourceAsStream(
                "/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
            pom.load(Objects.requireNonNull(in));
        }
        String path = "/META-INF/resources/webjars/axe-core/" + pom.getProperty("version") + "/axe.min.js";
        try (InputStream in = StatusPageBrowserTest.class.getResourceAsStream(path)) {
            axe = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterEach
    void end() {
        browsers.forEach(ChromeDriver::quit);
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"healthy, light, desk", "degraded, dark, phone", "unhealthy, light, phone", "unhealthy, dark, desk"})
    void nobodyIsKeptOut(String state, String scheme, String size) throws IOException {
        show(state);
        ChromeDriver browser = browse(scheme, size, true);
        await(browser, "return document.querySelectorAll('figure.drawn').length === 6");

        assertThat(complaints(browser)).isEmpty();
        assertThat(scan(browser)).isEmpty();
        assertThat(browser.getTitle()).startsWith(state.equals("healthy") ? "ok" : state);
        assertThat(script(browser, "return document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing is wider than the window")
                .isEqualTo(true);
        picture(browser, state + "-" + scheme + "-" + size);
    }

    @Test
    void withoutJavaScriptItIsWhole() throws IOException {
        show("unhealthy");
        ChromeDriver browser = browse("light", "desk", false);
        String text = browser.findElement(By.tagName("body")).getText();

        assertThat(text)
                .contains(
                        "unhealthy",
                        "Connection refused",
                        "sudo systemctl start",
                        "redis-server.service",
                        "v1.2 <b>&\"'");
        assertThat(browser.findElements(By.cssSelector("figure svg .line"))).hasSize(6);
        assertThat(browser.findElements(By.tagName("button"))).isEmpty();
        picture(browser, "without-javascript");
    }

    @Test
    void theKeyboardAloneReachesEveryCommandAndCopiesIt() {
        show("unhealthy");
        ChromeDriver browser = browse("light", "desk", true);
        browser.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        WebElement button = browser.findElement(By.cssSelector(".command button"));
        String command = browser.findElement(By.cssSelector(".command code")).getText();
        for (int tab = 0; tab < 10 && !button.equals(browser.switchTo().activeElement()); tab++) {
            new Actions(browser).sendKeys(Keys.TAB).perform();
        }
        assertThat(browser.switchTo().activeElement()).isEqualTo(button);
        new Actions(browser).sendKeys(Keys.ENTER).perform();
        await(browser, "return document.querySelector('.command button').textContent === 'Copied'");

        assertThat(browser.executeAsyncScript("navigator.clipboard.readText().then(arguments[0])"))
                .isEqualTo(command);
    }

    @Test
    void itIsFreshByItself() {
        show("healthy");
        ChromeDriver browser = browse("light", "desk", true);
        show("unhealthy");
        await(browser, "return document.querySelector('.verdict .status').textContent === 'unhealthy'");

        assertThat(browser.findElement(By.cssSelector("[role=status]")).getAttribute("textContent"))
                .contains("now says unhealthy");
        served.close();
        await(browser, "return document.querySelector('.lost') !== null");
        assertThat(browser.findElement(By.cssSelector(".lost")).getText()).contains("has not answered since");
    }

    @Test
    void itIsThereAtOnceAndSmall() {
        show("degraded");
        ChromeDriver browser = browse("light", "desk", true);
        await(browser, "return document.querySelectorAll('figure.drawn').length === 6");
        Number bytes = (Number) script(
                browser,
                "return performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
                        + ".reduce((sum, entry) => sum + entry.transferSize, 0)");

        assertThat(bytes.longValue()).as("bytes of all that was transferred").isBetween(20_000L, 150_000L);
    }

    @Test
    void aHostileNameIsText() {
        String hostile = "<script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&\u202e";
        UnitState unit =
                Given.healthy().state("main").unit().orElseThrow().optional().orElseThrow();
        served.show(
                Given.healthy()
                        .withInfo("redis_version", hostile)
                        .with(Given.ping(Outcome.REFUSED, hostile.repeat(1_000)))
                        .with(Given.copy(unit, "id", hostile, "unitFileState", hostile, "activeState", hostile)),
                "main");
        ChromeDriver browser = browse("light", "phone", true);

        assertThat(browser.getTitle()).startsWith("unhealthy");
        assertThat(browser.findElements(By.tagName("img"))).isEmpty();
        assertThat(browser.findElements(By.cssSelector("main script"))).isEmpty();
        assertThat(browser.findElement(By.tagName("body")).getText()).contains("<script>document.title");
        assertThat(scan(browser)).isEmpty();
    }

    private void show(String state) {
        served.show(
                switch (state) {
                    case "healthy" -> Given.healthy();
                    case "degraded" -> Given.healthy().with(Given.kernel(0, "always", "tsc", 4096));
                    default -> Given.healthy().with(Given.ping(Outcome.REFUSED, "Connection refused"));
                },
                "main");
    }

    private ChromeDriver browse(String scheme, String size, boolean scripts) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        // Tests may run as root, whom its sandbox does not serve; a container's /dev/shm is small.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        if (!scripts) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriver browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options);
        browsers.add(browser);
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        Dimension window = size.equals("phone") ? PHONE : DESK;
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", window.width, "height", window.height, "deviceScaleFactor", 1, "mobile", false));
        browser.get("http://localhost:" + served.address.getPort() + "/");
        return browser;
    }

    /** What axe finds, each with the first element of it. */
    private static List<?> scan(ChromeDriver browser) {
        browser.executeScript(axe);
        Object found = browser.executeAsyncScript("axe.run().then(r => arguments[0](r.violations.map("
                + "v => v.id + ': ' + v.help + ': ' + v.nodes[0].html)))");
        return (List<?>) Objects.requireNonNull(found);
    }

    private static List<String> complaints(ChromeDriver browser) {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    private static void await(ChromeDriver browser, String condition) {
        new WebDriverWait(browser, Duration.ofSeconds(30)).until(b -> Boolean.TRUE.equals(script(browser, condition)));
    }

    private static Object script(ChromeDriver browser, String script) {
        return Objects.requireNonNull(browser.executeScript(script));
    }

    private static void picture(ChromeDriver browser, String name) throws IOException {
        Object png = browser.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
                .get("data");
        Files.write(
                PICTURES.resolve(name + ".png"), java.util.Base64.getDecoder().decode((String) png));
    }
}
