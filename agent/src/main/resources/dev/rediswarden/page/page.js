// What a browser adds to a page that is whole without it: commands to copy, figures to point at, and fresh news.
"use strict";

(() => {
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

    // Commands ---------------------------------------------------------------------------------------------------

    function offerCopies(within) {
        if (!navigator.clipboard) {
            return; // a browser gives it to a page from this host, or with TLS
        }
        for (const command of within.querySelectorAll(".command")) {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = "Copy";
            button.setAttribute("aria-label", `Copy the command for ${command.dataset.check}`);
            button.addEventListener("click", async () => {
                await navigator.clipboard.writeText(command.querySelector("code").textContent);
                button.textContent = "Copied";
            });
            command.append(button);
        }
    }

    // Figures ----------------------------------------------------------------------------------------------------

    const three = (value) => new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(value);

    function words(value, unit) {
        if (value === null || value === undefined) {
            return "not known";
        }
        if (unit === "bytes") {
            const steps = ["B", "kB", "MB", "GB", "TB"];
            let step = 0;
            for (; value >= 1024 && step < steps.length - 1; step++) {
                value /= 1024;
            }
            return `${three(value)} ${steps[step]}`;
        }
        if (unit === "seconds") {
            return value < 0.001 ? `${three(value * 1e6)} µs` : value < 1 ? `${three(value * 1e3)} ms` : `${three(value)} s`;
        }
        return `${three(value)} ${unit}`.trim();
    }

    async function series(metric, redis, value) {
        const query = new URLSearchParams({ metric, redis, range: "24h", points: "144", value });
        const answer = await fetch(`/history?${query}`);
        if (!answer.ok) {
            throw new Error(`/history answered ${answer.status}`);
        }
        return answer.json();
    }

    /** Behind the line: when something was wrong. */
    function bands(plot, health) {
        const { ctx, bbox } = plot;
        ctx.save();
        for (let i = 0; i < health.points.length; i++) {
            const [at, status] = health.points[i];
            if (status > 0) {
                const from = plot.valToPos(at, "x", true);
                const to = plot.valToPos(at + health.step_seconds, "x", true);
                ctx.fillStyle = colour(status >= 2 ? "--band-unhealthy" : "--band-degraded");
                ctx.fillRect(from, bbox.top, to - from, bbox.height);
            }
        }
        ctx.restore();
    }

    async function draw(figure, health) {
        const { metric, redis } = figure.dataset;
        const answer = await series(metric, redis, "avg");
        const worst = await health;
        const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--edge"), width: 1 }, ticks: { show: false } };
        const axisUnit = ["bytes", "seconds"].includes(answer.unit) ? answer.unit : "";
        const pointed = (plot, value, index, point) => (point === null ? "" : words(value, answer.unit));
        const holder = document.createElement("div");
        holder.setAttribute("aria-hidden", "true"); // the picture below it has its text
        figure.append(holder);
        const plot = new uPlot(
            {
                width: holder.clientWidth,
                height: 160,
                scales: { y: { range: (_, least, most) => [0, most > 0 ? most * 1.05 : 1] } },
                axes: [axis, { ...axis, size: 70, values: (_, ticks) => ticks.map((tick) => words(tick, axisUnit)) }],
                series: [
                    {},
                    { label: "Average", stroke: colour("--line"), width: 2, value: pointed },
                ],
                hooks: { drawClear: [(drawn) => bands(drawn, worst)] },
            },
            [answer.points.map((point) => point[0]), answer.points.map((point) => point[1])],
            holder,
        );
        figure.classList.add("drawn");
        new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height: 160 })).observe(holder);
    }

    function drawAll() {
        const figures = [...document.querySelectorAll("figure[data-metric]")];
        if (figures.length === 0) {
            return;
        }
        const health = series("health", figures[0].dataset.redis, "max");
        // Where one cannot be drawn, the picture that came with the page stays.
        figures.forEach((figure) => draw(figure, health).catch((e) => console.warn(e)));
    }

    // News -------------------------------------------------------------------------------------------------------

    const live = document.getElementById("live");
    const announced = document.createElement("p");
    announced.className = "announced";
    announced.setAttribute("role", "status");
    document.querySelector("main").prepend(announced);

    const verdict = (within) => within.querySelector(".verdict .status").textContent;

    const isRead = (part) => part.contains(document.activeElement) || (!getSelection().isCollapsed && part.contains(getSelection().anchorNode));

    function lost(since) {
        let note = document.querySelector(".lost");
        if (!note) {
            note = document.createElement("p");
            note.className = "lost";
            note.setAttribute("role", "alert");
            note.textContent = `redis-warden has not answered since ${since.toISOString()}: what is below is of then.`;
            live.before(note);
        }
    }

    let answeredAt = new Date();

    async function refresh() {
        try {
            const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
            const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
            answeredAt = new Date();
            document.querySelector(".lost")?.remove();
            if (verdict(fresh) !== verdict(document)) {
                announced.textContent = `redis-warden now says ${verdict(fresh)}`;
            }
            document.title = fresh.title;
            for (const id of ["live", "past"]) {
                const part = document.getElementById(id);
                if (!isRead(part)) {
                    part.replaceChildren(...fresh.getElementById(id).childNodes);
                    offerCopies(part);
                }
            }
        } catch {
            lost(answeredAt);
        }
    }

    offerCopies(document);
    drawAll();
    setInterval(() => document.hidden || refresh(), Number(live.dataset.seconds) * 1000);
})();
