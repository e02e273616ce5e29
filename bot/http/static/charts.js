// Draws what the page holds as JSON; each chart has its numbers in a table as well, and nothing is lost without it.

const told = JSON.parse(document.getElementById("chart-data").textContent);
const INK = "#1c2733", SOFT = "#5b6b7b", LINE = "#dfe5eb";
// Told apart by brightness and pattern too, not by hue alone.
const COLOURS = ["#1d5b9e", "#d55e00", "#5b6b7b"];
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const text = { color: INK, fontFamily: getComputedStyle(document.body).fontFamily };

const usual = (chart) => ({
  animation: !still,
  aria: { enabled: true, label: { enabled: false }, decal: { show: (chart.series || []).length > 1 } },
  color: COLOURS,
  textStyle: text,
  tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
  legend: { show: (chart.series || []).length > 1, top: 0, textStyle: text },
  grid: { left: 8, right: 36, top: (chart.series || []).length > 1 ? 34 : 12, bottom: 8, outerBoundsMode: "same" },
});
const values = { type: "value", minInterval: 1, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } };
const names = (of, more) => ({
  type: "category", data: of, axisLabel: { color: INK, ...more }, axisTick: { show: false }, axisLine: { lineStyle: { color: SOFT } },
});
const lying = (chart) => ({ ...names(chart.names, { width: 110, overflow: "truncate" }), inverse: true });

const kinds = {
  line: (chart) => ({
    ...usual(chart),
    xAxis: { ...names(chart.names), boundaryGap: false },
    yAxis: values,
    series: chart.series.map((one) => ({
      type: "line", name: one.name, data: one.values, showSymbol: one.values.length < 40, symbolSize: 6, areaStyle: { opacity: 0.08 },
    })),
  }),
  bars: (chart) => ({
    ...usual(chart),
    xAxis: values,
    yAxis: lying(chart),
    series: chart.series.map((one) => ({
      type: "bar", name: one.name, data: one.values, barMaxWidth: 18,
      label: { show: true, position: "right", color: INK, formatter: ({ value }) => (value ? `${value}` : "") },
    })),
  }),
  times: (chart) => ({ ...kinds.bars(chart), xAxis: { ...values, minInterval: 0 } }),
  rates: (chart) => {
    const at = (n) => `${chart.names[n]} ${chart.values[n]}%\n95% 区间 ${chart.low[n]}–${chart.high[n]}`;
    return {
      ...usual(chart),
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: ([one]) => at(one.dataIndex) },
      xAxis: { ...values, min: 0, max: 100, axisLabel: { color: SOFT, formatter: "{value}%" } },
      yAxis: lying(chart),
      series: [
        { type: "bar", stack: "range", silent: true, itemStyle: { color: "transparent" }, data: chart.low },
        { type: "bar", stack: "range", silent: true, barWidth: 10, itemStyle: { color: "#bcd6ee" }, data: chart.high.map((high, n) => high - chart.low[n]) },
        {
          type: "scatter", symbol: "diamond", symbolSize: 14, itemStyle: { color: COLOURS[0] }, data: chart.values,
          label: { show: true, position: "top", color: INK, formatter: ({ value }) => `${value}%` },
        },
      ],
    };
  },
};

const drawn = [];
for (const place of document.querySelectorAll("[data-chart]")) {
  const chart = told[place.dataset.chart];
  if (!chart || !chart.names.length) continue;
  place.hidden = false;
  const rows = chart.names.length * Math.max(1, (chart.series || []).length);
  if (chart.kind === "bars" && rows > 12) place.classList.add("tall");
  const board = echarts.init(place, null, { renderer: "svg" });
  board.setOption(kinds[chart.kind](chart));
  board.on("click", ({ seriesIndex, dataIndex }) => {
    const links = chart.series && chart.series[seriesIndex].links;
    if (links && chart.series[seriesIndex].values[dataIndex]) location.assign(links[dataIndex]);
  });
  drawn.push(board);
}

const fit = () => { for (const board of drawn) board.resize({ animation: { duration: 0 } }); };
addEventListener("resize", fit);

// On paper every table stands whole.
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.alternative:not([open])")) {
    table.open = true;
    table.dataset.folded = "yes";
  }
  fit();
});
addEventListener("afterprint", () => {
  for (const table of document.querySelectorAll("details[data-folded]")) table.open = false;
  fit();
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
