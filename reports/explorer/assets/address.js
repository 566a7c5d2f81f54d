/* The controls write the address: here and not on the server, so that what draws can start at once. The fields and
   their order are those of `encode` in reports/explorer/state.py; what is set is checked there. */
(function () {
  "use strict";
  var MANY = {track: 1, seniority: 1, workplace: 1, country: 1, employer: 1, source: 1, skill: 1};
  var FIELDS = ["track", "level", "seniority", "workplace", "country", "employer", "source", "since", "until", "skill"];
  var AFTER = ["have", "cover", "id"];

  function usual(name, value) { return !value || (name === "level" && value === "asked"); }

  /* The query string of both selections, the rest of `from` kept. `sides`: {a: {field: value or list}, b: …}. */
  function written(sides, from) {
    var out = new URLSearchParams(), old = new URLSearchParams(from);
    [["a", ""], ["b", "b."]].forEach(function (side) {
      FIELDS.forEach(function (name) {
        var value = sides[side[0]][name];
        (MANY[name] ? value || [] : [value]).forEach(function (one) {
          if (!usual(name, one)) { out.append(side[1] + name, one); }
        });
      });
    });
    AFTER.forEach(function (name) {
      old.getAll(name).forEach(function (one) { out.append(name, one); });
    });
    var text = out.toString();
    return text ? "?" + text : "";
  }

  /* What the controls hold: their values in the order of `names`, first those of A, then those of B. */
  function held(values, names) {
    var sides = {a: {}, b: {}};
    names.forEach(function (name, place) {
      sides.a[name] = values[place];
      sides.b[name] = values[names.length + place];
    });
    return sides;
  }

  function filtersOf(search) {
    var given = new URLSearchParams(search), sides = {a: {}, b: {}};
    FIELDS.forEach(function (name) {
      [["a", ""], ["b", "b."]].forEach(function (side) {
        sides[side[0]][name] = MANY[name] ? given.getAll(side[1] + name) : given.get(side[1] + name);
      });
    });
    return sides;
  }

  function go(search) {
    if (search === window.location.search) { return; }
    window.history.pushState({}, "", window.location.pathname + search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.address = {
    /* Called with all controls, then {names, search}: the address that the controls were last set from. */
    write: function () {
      var values = Array.prototype.slice.call(arguments), applied = values.pop();
      var here = window.location.search;
      if (!applied) { return; }
      var now = written(held(values, applied.names), "");
      /* Controls that only mirror an address, perhaps one that is left already, are no choice of the reader. */
      if (now !== written(held(applied.values, applied.names), "")) { go(written(held(values, applied.names), here)); }
    },
    clearA: function (clicks) { if (clicks) { cleared("a"); } },
    clearB: function (clicks) { if (clicks) { cleared("b"); } }
  };

  function cleared(side) {
    var sides = filtersOf(window.location.search);
    sides[side] = {};
    go(written(sides, window.location.search));
  }
}());
