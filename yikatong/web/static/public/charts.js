// Draws the charts of a page from its JSON blocks. Every chart has its table on the same page; without this script
// the table is all there is, and nothing is lost.
(function () {
  "use strict";
  var ink = "#1c2733", soft = "#51606f", blue = "#0b5394", red = "#b3261e", line = "#d5dbe1";

  function options(data, narrow) {
    var bars = data.values.map(function (value, i) {
      return { value: value, itemStyle: { color: data.missed && data.missed[i] ? red : blue } };
    });
    var names = { type: "category", data: data.names, axisLabel: { color: ink, fontSize: 14, interval: 0 },
      axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
    if (data.lying) { names.inverse = true; names.axisLabel.width = narrow ? 110 : 220; names.axisLabel.overflow = "break"; }
    var figures = { type: "value", min: 0, splitNumber: narrow ? 2 : 5,
      axisLabel: { color: soft, hideOverlap: true, formatter: "{value}" + (data.unit === "%" ? "%" : "") },
      splitLine: { lineStyle: { color: line } } };
    var series = { type: "bar", data: bars, barMaxWidth: 28,
      label: { show: true, position: data.lying ? "right" : "top", color: ink, fontSize: 13,
        formatter: function (bar) { return data.labels[bar.dataIndex]; } } };
    if (data.target !== null && data.target !== undefined) {
      var mark = data.lying ? { xAxis: data.target } : { yAxis: data.target };
      series.markLine = { symbol: "none", silent: true, lineStyle: { color: ink, type: "dashed" },
        label: { formatter: data.target_label, color: ink, position: data.lying ? "start" : "end", fontSize: 13 }, data: [mark] };
    }
    return {
      aria: { enabled: true, label: { description: data.title } },
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: data.lying ? 70 : 24, top: 32, bottom: 8, containLabel: true },
      tooltip: { trigger: "item", formatter: function (bar) {
        return bar.seriesType === "bar" ? bar.name + "：" + data.labels[bar.dataIndex] : ""; } },
      xAxis: data.lying ? figures : names,
      yAxis: data.lying ? names : figures,
      series: [series]
    };
  }

  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var block = document.getElementById(place.dataset.chart);
    if (!block || !window.echarts) { return; }
    var data = JSON.parse(block.textContent);
    if (!data.names.length) { return; }
    place.style.height = (data.lying ? 70 + data.names.length * 54 : 320) + "px";
    place.hidden = false;
    var chart = window.echarts.init(place, null, { renderer: "svg" });
    function draw() { chart.resize(); chart.setOption(options(data, place.clientWidth < 600)); }
    draw();
    window.addEventListener("resize", draw);
  });
})();
