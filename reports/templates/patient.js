(function () {
  "use strict";
  if (!window.Plotly) return;
{# What a point says stands once on the page, in the list of words below its chart; its hover box is filled from there: the sentence for staff, then the one for the patient. #}
  var longest = 64;
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
{# A narrow screen has no room for every day label above a chart: every third stays. #}
  function thinned(values) {
    return Array.prototype.filter.call(values, function (_, place) { return place % 3 === 0; });
  }
  if (window.innerWidth < 560) {
    Array.prototype.forEach.call(document.querySelectorAll(".js-plotly-plot"), function (chart) {
      var axis = chart.layout.xaxis2;
      if (!axis || !axis.tickvals || axis.tickvals.length < 4) return;
      Plotly.relayout(chart, {
        "xaxis2.tickvals": thinned(axis.tickvals), "xaxis2.ticktext": thinned(axis.ticktext), "xaxis2.tickangle": 0
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("ol[data-chart]"), function (list) {
    var chart = document.getElementById("chart-" + list.getAttribute("data-chart"));
    if (!chart || !chart.data) return;
    var said = {};
    Array.prototype.forEach.call(list.children, function (item) {
      said[item.getAttribute("data-id")] =
        wrapped(item.firstChild.textContent.trim()) + "<br><i>" + wrapped(item.lastElementChild.textContent) + "</i>";
    });
    var traces = [];
    var texts = [];
    chart.data.forEach(function (trace, place) {
      if (!trace.ids || !trace.ids.every(function (id) { return id in said; })) return;
      traces.push(place);
      texts.push(trace.ids.map(function (id) { return said[id]; }));
    });
    if (traces.length) Plotly.restyle(chart, { hovertext: texts }, traces);
  });
})();
