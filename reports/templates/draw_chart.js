(function () {
  "use strict";
  var shared = {{ shared }};
  function merged(own, base) {
    Object.keys(base).forEach(function (name) {
      var value = base[name];
      if (value && typeof value === "object" && !Array.isArray(value)) {
        if (!(name in own)) own[name] = {};
        merged(own[name], value);
      } else if (!(name in own)) own[name] = value;
    });
    return own;
  }
  window.drawChart = function (id, data, layout) {
    if (!window.Plotly) return;
    Object.keys(layout).forEach(function (name) {
      if (!layout[name] || !layout[name][shared.mark]) return;
      delete layout[name][shared.mark];
      merged(layout[name], shared.axis);
    });
    Plotly.newPlot(id, data, merged(layout, shared.layout), shared.config);
  };
})();
