(function () {
  "use strict";
  // Runs once the page is read: charts wait in `drawChart.waiting`; the first is drawn at once, the others after it.
  var shared = {{ shared }};
  var longest = 64;
  var waiting = window.drawChart ? window.drawChart.waiting : [];
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
  function escaped(text) {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }
  function wrapped(text) {
    var lines = [""];
    text.split(/\s+/).forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && last.length + word.length >= longest) lines.push(word);
      else lines[lines.length - 1] = last ? last + " " + word : word;
    });
    return lines.map(escaped).join("<br>");
  }
  // What a point says stands once on the page, in the list of words below its chart; its hover box is filled from there.
  function saidBelow(id) {
    var said = {};
    var list = document.querySelector('ol[data-chart="' + id.replace(/^chart-/, "") + '"]');
    if (list) Array.prototype.forEach.call(list.children, function (item) {
      said[item.getAttribute("data-id")] =
        wrapped(item.firstChild.textContent.trim()) + "<br><i>" + wrapped(item.lastElementChild.textContent) + "</i>";
    });
    return said;
  }
  function spoken(text) {
    var parts = text.split("\n\n");
    var staff = parts[0].replace(/\n/g, "<br>");
    return parts.length > 1 ? staff + "<br><i>" + parts[1].replace(/\n/g, "<br>") + "</i>" : staff;
  }
  function filled(trace, said) {
    if (!trace.type) merged(trace, shared.traces[trace.like || trace.mode]);
    delete trace.like;
    if (trace.hovertext) trace.hovertext = trace.hovertext.map(spoken);
    else if (trace.ids && trace.ids.every(function (id) { return id in said; })) {
      trace.hovertext = trace.ids.map(function (id) { return said[id]; });
    }
  }
  // A narrow screen has no room for every day label above a chart: every third stays.
  function thinned(axis) {
    function third(_, place) { return place % 3 === 0; }
    if (window.innerWidth >= 560 || !axis || !axis.tickvals || axis.tickvals.length < 4) return;
    axis.tickvals = axis.tickvals.filter(third);
    axis.ticktext = axis.ticktext.filter(third);
    axis.tickangle = 0;
  }
  function draw(id, data, layout) {
    var said = saidBelow(id);
    data.forEach(function (trace, place) {
      if (trace.like === "edge") shared.edge.forEach(function (name) { trace[name] = data[place - 1][name]; });
      filled(trace, said);
    });
    Object.keys(layout).forEach(function (name) {
      if (!layout[name] || !layout[name][shared.mark]) return;
      if (layout[name][shared.mark] === 2) merged(layout[name], shared.dates);
      delete layout[name][shared.mark];
      merged(layout[name], shared.axis);
    });
    (layout.bare || []).forEach(function (name) {
      layout[name].forEach(function (part) { merged(part, shared.parts[name]); });
    });
    delete layout.bare;
    thinned(layout.xaxis2);
    Plotly.newPlot(id, data, merged(layout, shared.layout), shared.config);
  }
  function drawNext() {
    if (waiting.length) draw.apply(null, waiting.shift());
    if (waiting.length) setTimeout(drawNext, 0);
  }
  window.addEventListener("beforeprint", function () {
    while (waiting.length) draw.apply(null, waiting.shift());
  });
  drawNext();
})();
