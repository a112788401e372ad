(function () {
  "use strict";
  if (!window.Plotly) return;
  // A drawn chart does not shrink with the paper: while printing, give each one the width of an A4 page
  // and three quarters of its height, so that a chart and its scores share a page. Its frame gets the same
  // size, or the resizing that comes with printing would undo it.
  var printedWidth = 690;
  var printedHeight = 0.75;
  function eachChart(change) {
    Array.prototype.forEach.call(document.querySelectorAll(".js-plotly-plot"), change);
  }
  window.addEventListener("beforeprint", function () {
    eachChart(function (chart) {
      var frame = chart.parentElement;
      frame.screenHeight = chart._fullLayout.height;
      var height = printedHeight * frame.screenHeight;
      frame.style.width = printedWidth + "px";
      frame.style.height = height + "px";
      Plotly.relayout(chart, { width: printedWidth, height: height, autosize: false });
    });
  });
  window.addEventListener("afterprint", function () {
    eachChart(function (chart) {
      var frame = chart.parentElement;
      frame.style.width = "100%";
      frame.style.height = frame.screenHeight + "px";
      Plotly.relayout(chart, { width: null, height: frame.screenHeight, autosize: true });
    });
  });
})();
