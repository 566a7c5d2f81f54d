"use strict";
(function () {
  // A figure is stored once, in light colours; a dark page gets the same figure with every colour exchanged.
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const themes = read("themes");
  const root = document.documentElement;
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  const places = Array.from(document.querySelectorAll("[data-figure]"));
  let printing = false;

  const mode = () => (printing ? "light" : root.dataset.mode || (wish.matches ? "dark" : "light"));

  function darkened(value) {
    if (typeof value === "string") {
      if (value[0] !== "#") return value;
      const found = themes.dark[value.slice(0, 7)];
      return found === undefined ? value : found + value.slice(7);
    }
    if (Array.isArray(value)) return value.map(darkened);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, darkened(inner)]));
    }
    return value;
  }

  function merge(into, patch) {
    for (const [key, value] of Object.entries(patch)) {
      const both = value && typeof value === "object" && !Array.isArray(value) && into[key];
      into[key] = both && typeof into[key] === "object" ? merge({ ...into[key] }, value) : value;
    }
    return into;
  }

  function open(place, key) {
    const drill = document.getElementById("evidence-" + place.dataset.figure + "-" + key);
    if (!drill) return;
    drill.open = true;
    drill.parentElement.closest("details").open = true;
    drill.scrollIntoView({ block: "center" });
    drill.querySelector("summary").focus({ preventScroll: true });
  }

  function draw(place) {
    const name = place.dataset.figure;
    const width = printing ? 680 : place.clientWidth;
    let figure = read("figure-" + name);
    const meta = figure.layout.meta || {};
    if (width < 600 && meta.narrow) figure.layout = merge(figure.layout, meta.narrow);
    if (width < 600 && meta.text) {
      for (const trace of figure.data) if (trace.textfont) trace.textfont.size = meta.text;
    }
    const now = mode();
    if (now === "dark") figure = darkened(figure);
    figure.layout.template = themes.templates[now];
    figure.layout.width = width;
    if (width < 600) figure.layout.font = { ...figure.layout.font, size: 12 };
    const config = { displayModeBar: false, showLink: false, doubleClick: false };
    return window.Plotly.react(place, figure.data, figure.layout, config).then(() => {
      if (place.dataset.drawn) return;
      place.dataset.drawn = "yes";
      place.on("plotly_click", (event) => {
        const data = event.points[0].customdata;
        if (data !== undefined) open(place, Array.isArray(data) ? data[0] : data);
      });
    });
  }

  async function all() {
    for (const place of places) {
      await draw(place);
      await new Promise((done) => setTimeout(done, 0)); // the page stays scrollable between two charts
    }
    document.body.dataset.ready = "yes";
  }

  let timer, lastWidth = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === lastWidth) return; // a phone's address bar coming and going
    lastWidth = window.innerWidth;
    clearTimeout(timer);
    timer = setTimeout(all, 150);
  });

  const button = document.querySelector("button.mode");
  const name = () => { button.textContent = mode() === "dark" ? "Light page" : "Dark page"; };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.mode = mode() === "dark" ? "light" : "dark";
    name();
    all();
  });
  wish.addEventListener("change", () => { name(); all(); });

  let opened = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    opened = Array.from(document.querySelectorAll("details.table:not([open])"));
    opened.forEach((details) => { details.open = true; });
    places.forEach(draw);
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    opened.forEach((details) => { details.open = false; });
    all();
  });

  name();
  all();
})();
