/* The page of the label queue: the terminal's keys, and the name that was used here last. */
(function () {
  "use strict";

  /* The label queue takes the terminal's keys. A key waits until the answer before it has come back. */
  var keys = {"0": "0", "1": "1", "2": "2", u: "undo", s: "skip"};
  var waiting = [], busy = false;
  function press() {
    if (busy || !waiting.length) { return; }
    var button = document.getElementById("label-" + waiting.shift());
    if (!button) { return; }
    busy = true;
    button.click();
    window.setTimeout(answered, 60);
  }
  function answered() {
    if (document.querySelector("#label-question[data-dash-is-loading=true]")) { window.setTimeout(answered, 30); return; }
    busy = false;
    press();
  }
  document.addEventListener("keydown", function (event) {
    if (window.location.pathname !== "/label" || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (/^label-(note|name)$/.test(event.target.id) && /^(Enter|Escape)$/.test(event.key)) {
      window.setTimeout(function () { event.target.blur(); }, 0);  /* Enter in the name starts the batch first */
      return;
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    if (event.key === "n" && document.getElementById("label-note")) {
      event.preventDefault();
      document.getElementById("label-note").focus();
    } else if (keys[event.key]) {
      waiting.push(keys[event.key]);
      press();
    }
  });

  var KEPT = "skilldemand-labeller";
  function stored(name) {
    try {
      if (name) { window.localStorage.setItem(KEPT, name); }
      return window.localStorage.getItem(KEPT) || "";
    } catch (error) { return ""; }
  }
  new MutationObserver(function () {
    var input = document.getElementById("label-name");
    if (!input || input.hasAttribute("data-seen")) { return; }
    input.setAttribute("data-seen", "1");
    input.addEventListener("change", function () { stored(input.value); });
    if (stored()) { window.dash_clientside.set_props("label-name", {value: stored()}); }
  }).observe(document.documentElement, {childList: true, subtree: true});
}());
