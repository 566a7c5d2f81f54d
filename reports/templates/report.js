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

  // Examples are built when they are asked for: a thousand postings would weigh on a phone. Everything from outside
  // enters as text, never as markup.
  const examples = read("examples");

  function make(tag, className, ...inner) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...inner);
    return made;
  }

  function shown([quote, level, rule, note]) {
    const [posting, before, marked, after] = examples.quotes[quote];
    const [title, employer, date, source, url] = examples.postings[posting];
    const who = make("p", "who", make("b", "", make("bdi", "", title)));
    if (employer) who.append(" · ", make("bdi", "", employer));
    if (date) who.append(" · ", date);
    const from = make(url ? "a" : "bdi", "", source);
    if (url) Object.assign(from, { href: url, rel: "noopener noreferrer nofollow" });
    who.append(" · ", from);
    const said = make("p", "", make("q", "", make("bdi", "", before, make("mark", "", marked), after)));
    const tags = make("p", "", make("span", "tag", level), " ", make("span", "tag", "rule: " + rule));
    if (note) tags.append(" ", make("span", "tag", note));
    return make("div", "example", who, said, tags);
  }

  function drill([key, label, found]) {
    const count = found.length + (found.length === 1 ? " posting" : " postings");
    const inside = make("div", "inside");
    const made = make("details", "drill", make("summary", "", label + ": " + count), inside);
    made.dataset.key = key;
    made.addEventListener("toggle", () => {
      if (!inside.childElementCount) inside.append(...found.map(shown));
    });
    return made;
  }

  function evidence(part) {
    const place = document.querySelector(`[data-evidence="${part}"]`);
    const inside = place && place.querySelector(".inside");
    if (inside && !inside.childElementCount) inside.append(...examples.parts[part].map(drill));
    return place;
  }

  for (const place of document.querySelectorAll("[data-evidence]")) {
    place.hidden = false;
    place.addEventListener("toggle", () => evidence(place.dataset.evidence));
  }

  // A mark names its examples by a key; "part/key" names those of another part.
  function open(figure, mark) {
    const other = String(mark).split("/");
    const [part, key] = other.length === 2 && examples.parts[other[0]] ? other : [figure, String(mark)];
    const place = evidence(part);
    const found = place && Array.from(place.querySelectorAll(".drill")).find((one) => one.dataset.key === key);
    if (!found) return;
    for (const one of place.querySelectorAll(".drill[open]")) one.open = one === found;
    place.open = found.open = true;
    found.dispatchEvent(new Event("toggle")); // its own comes too late to scroll to
    found.scrollIntoView({ block: "start", behavior: "instant" });
    found.querySelector("summary").focus({ preventScroll: true });
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
        if (data !== undefined) open(name, Array.isArray(data) ? data[0] : data);
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
    if (printing) return; // a preview and the print behind it: what was opened first must be closed at the end
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
