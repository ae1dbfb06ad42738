// Draws how the period went. The table below it says the same, also without this script.
import uPlot from "/static/vendor/uplot.js";

const HEIGHT = 300;
const DASHES = ["none", "solid", "dashed", "dotted"]; // of the legend, the x axis first
const data = document.getElementById("course-data");
const place = document.getElementById("plot");

if (data && place) draw(JSON.parse(data.textContent), place);

/**
 * @param {{begins: string[], series: {name: string, token: string, dash: number[], values: number[]}[],
 *          locale: string}} course what is drawn, its words in the reader's language
 * @param {HTMLElement} place where
 */
function draw(course, place) {
  const style = getComputedStyle(document.documentElement);
  const colour = (token) => style.getPropertyValue(token).trim();
  const font = `13px ${style.getPropertyValue("--font")}`;
  const number = new Intl.NumberFormat(course.locale);
  const axis = { stroke: colour("--ink-soft"), font, grid: { stroke: colour("--line"), width: 1 } };
  const options = {
    width: place.parentElement.clientWidth,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false } },
    legend: { markers: { width: 3, dash: (_, at) => DASHES[at] } },
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(high * 1.1, 4)] } },
    axes: [
      {
        ...axis,
        splits: (plot) => ticks(course.begins.length, plot.width),
        values: (_, splits) => splits.map((at) => day(course.begins[at])),
      },
      { ...axis, size: 64, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
        values: (_, splits) => splits.map((value) => number.format(value)) },
    ],
    series: [
      { label: course.first, value: (_, at) => (at == null ? "" : day(course.begins[at])) },
      ...course.series.map(({ name, token, dash }) => ({
        label: name,
        stroke: colour(token),
        width: 2.5,
        dash,
        points: { show: true, size: 7, fill: colour("--surface") },
        value: (_, value) => (value == null ? "" : number.format(value)),
      })),
    ],
  };
  place.hidden = false;
  const rows = [course.begins.map((_, at) => at), ...course.series.map(({ values }) => values)];
  const plot = new uPlot(options, rows, place);
  place.parentElement.querySelector("details").open = false;
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  }).observe(place.parentElement);
}

/** Which stretches get a date below them, so that the dates do not run into each other. */
function ticks(count, width) {
  const step = Math.max(1, Math.ceil(count / Math.max(2, Math.floor(width / 90))));
  return Array.from({ length: Math.ceil(count / step) }, (_, place) => place * step);
}

/** `2019-06-30` as `30/6`. */
function day(iso) {
  const [, month, day] = iso.split("-").map(Number);
  return `${day}/${month}`;
}
