/* What the page does by itself: dark charts, PNG, links of the grid, the filter panel on small screens. */
(function () {
  "use strict";

  /* Dash asks for these only when the layout has come; they are the largest files, so they start at once. */
  function hurry(path) {
    var link = document.createElement("link");
    link.rel = "preload";
    link.as = "script";
    link.href = path;
    document.head.appendChild(link);
  }
  if (["/", "/compare", "/path"].indexOf(window.location.pathname) >= 0) {
    hurry("/_dash-component-suites/plotly/package_data/plotly.min.js");
    hurry("/_dash-component-suites/dash/dcc/async-graph.js");
  }

  function download(key) {
    var plot = document.querySelector("#figure-" + key + " .js-plotly-plot");
    if (!plot || !window.Plotly) { return; }
    var width = Math.max(plot.clientWidth, 800);
    window.Plotly.downloadImage(plot, {format: "png", filename: "skilldemand-" + key, width: width,
      height: plot.clientHeight, scale: 2});
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button.png") : null;
    if (button) { download(button.id.replace("png-", "")); }
  });

  function go(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  /* Links inside the page change the address without loading the page anew. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("main a[href^='/']") : null;
    if (!link || link.hasAttribute("download") || link.getAttribute("href").indexOf("/download/") === 0) { return; }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button || event.defaultPrevented) { return; }
    event.preventDefault();
    go(link.getAttribute("href"));
  });

  /* In the grid the keyboard stands on cells: Enter follows the link of one. */
  document.addEventListener("keydown", function (event) {
    var link = event.key === "Enter" && /ag-cell/.test(event.target.className) && event.target.querySelector("a");
    if (link) { link.click(); }
  });

  /* The grid takes its colours from an attribute. */
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function shade() { document.documentElement.setAttribute("data-ag-theme-mode", dark.matches ? "dark" : "light"); }
  dark.addEventListener("change", shade);
  shade();

  var renderers = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  renderers.PostingLink = function (props) {
    if (!props.data) { return null; }
    var tail = props.data.tail ? "&" + props.data.tail : "";
    return window.React.createElement("a", {href: "/posting?id=" + encodeURIComponent(props.data.id) + tail}, props.value);
  };

  /* On a narrow screen the panels of filters start folded. */
  function fold() {
    if (window.innerWidth >= 900) { return; }
    document.querySelectorAll("details.panel:not([data-seen])").forEach(function (panel) {
      panel.setAttribute("data-seen", "1");
      panel.removeAttribute("open");
    });
  }

  /* Dash's lists: a focus target that screen readers do not see becomes the button itself, which gets its label's name;
     check boxes and radio buttons are what they are, not options of a list box. */
  function mend() {
    document.querySelectorAll("input.dash-dropdown-focus-target:not([tabindex='-1'])").forEach(function (input) {
      input.setAttribute("tabindex", "-1");
      var button = input.nextElementSibling;
      if (button) { button.setAttribute("tabindex", "0"); }
    });
    document.querySelectorAll("button.dash-dropdown").forEach(function (button) {
      var name = button.id + "-label";
      var named = button.getAttribute("aria-labelledby") || "";
      if (named.indexOf(name) < 0 && document.getElementById(name)) {
        button.setAttribute("aria-labelledby", name + " " + named);
      }
    });
    document.querySelectorAll(".dash-dropdown-content[role=dialog]:not([aria-label])").forEach(function (box) {
      box.setAttribute("aria-label", "Choose");
    });
    document.querySelectorAll(".dash-options-list[role=listbox]").forEach(function (list) { list.removeAttribute("role"); });
    document.querySelectorAll(".dash-options-list [role=option], .dash-options-list label[aria-selected]").forEach(function (label) {
      label.removeAttribute("role");
      label.removeAttribute("aria-selected");
    });
  }

  var due = false;
  new MutationObserver(function () {
    if (due) { return; }
    due = true;
    window.requestAnimationFrame(function () { due = false; fold(); mend(); });
  }).observe(document.documentElement, {childList: true, subtree: true, attributeFilter: ["aria-selected"]});
}());
