/* Only charts near the screen follow the filters at once. The others are asked for when one comes near them, or when
   nothing else has happened for a while, so that the page is complete when it is printed or searched. */
(function () {
  "use strict";
  var AHEAD = "120px", QUIET = 900, STEP = 150;
  var current = null, asked = {}, near = {}, timer = null;

  function keys() {
    return Array.prototype.map.call(document.querySelectorAll("section.card[data-lazy]"), function (card) {
      return card.getAttribute("data-lazy");
    });
  }

  function ask(key) {
    if (current === null || asked[key] === current || !document.getElementById("figure-" + key)) { return false; }
    asked[key] = current;
    window.dash_clientside.set_props("ask-" + key, {data: current});
    return true;
  }

  function rest() {
    var some = keys().some(ask);
    if (some) { timer = window.setTimeout(rest, STEP); }
  }

  function follow() {
    keys().forEach(function (key) { if (near[key]) { ask(key); } });
    window.clearTimeout(timer);
    timer = window.setTimeout(rest, QUIET);
  }

  var observer = new IntersectionObserver(function (seen) {
    seen.forEach(function (one) { near[one.target.getAttribute("data-lazy")] = one.isIntersecting; });
    follow();
  }, {rootMargin: AHEAD});

  /* On a phone the names beside the bars leave room for two or three figures on the axis. */
  function fitted(plotly) {
    ["react", "newPlot"].forEach(function (name) {
      var draw = plotly[name];
      plotly[name] = function (place, figure) {
        var across = figure && figure.layout && figure.layout.xaxis;
        if (across && across.ticksuffix === "%" && window.innerWidth < 600) {
          arguments[1] = Object.assign({}, figure, {layout: Object.assign({}, figure.layout,
            {xaxis: Object.assign({}, across, {nticks: 4})})});
        }
        return draw.apply(plotly, arguments);
      };
    });
  }
  Object.defineProperty(window, "Plotly", {configurable: true, set: function (plotly) {
    Object.defineProperty(window, "Plotly", {value: plotly, writable: true, configurable: true});
    fitted(plotly);
  }});

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.charts = {
    /* The address has changed: where the first chart is out of sight the others need not wait for it. */
    change: function (search) {
      var first = document.querySelector("section.card:not([data-lazy])");
      if (current !== null && first && keys().length && first.getBoundingClientRect().bottom < 0) {
        current = search || "";
        follow();
      }
      return null;
    },
    /* The first chart shows `search`; `fresh` marks a page that has just been made. */
    follow: function (drawn) {
      if (!drawn) { return null; }
      if (drawn.fresh) {
        asked = {};
        near = {};
        observer.disconnect();
        document.querySelectorAll("section.card[data-lazy]").forEach(function (card) { observer.observe(card); });
      }
      current = drawn.search;
      follow();
      return null;
    }
  };
}());
