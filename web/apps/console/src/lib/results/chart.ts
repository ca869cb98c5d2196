/** How the chart is drawn: colours of the theme, a bar a day from zero, the period before as a thin line. */
import uPlot from "uplot";

export interface Colors {
  bar: string;
  line: string;
  grid: string;
  text: string;
  background: string;
}

/** The theme's colours as they are now at an element. */
export function readColors(element: Element): Colors {
  const style = getComputedStyle(element);
  const color = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  return {
    bar: color("--mantine-color-accent-5", "#23968a"),
    line: color("--mantine-color-dimmed", "#5f666d"),
    grid: color("--usher-line", "#e7eaec"),
    text: color("--mantine-color-dimmed", "#5f666d"),
    background: color("--mantine-color-body", "#ffffff"),
  };
}

interface Drawing {
  labels: string[];
  colors: Colors;
  hover: (index: number | null, left: number) => void;
}

/** Whole numbers only: there is no half conversation. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7];

/** Room for a label of a day, in pixels. */
const LABEL_WIDTH = 64;

/** The places of the labels: as many as there is room for, evenly, from the first on. */
export function labelled(days: number, width: number): number[] {
  const room = Math.max(1, Math.floor(width / LABEL_WIDTH));
  const step = Math.max(1, Math.ceil(days / room));
  return Array.from({ length: Math.ceil(days / step) }, (_, place) => place * step);
}

/** The top of the scale: never flat, with some air above the highest bar. */
export function topOf(highest: number): number {
  return Math.max(4, Math.ceil(highest * 1.08));
}

export function chartOptions({ labels, colors, hover }: Drawing): Omit<uPlot.Options, "width" | "height"> {
  const font = "12px system-ui, sans-serif";
  return {
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(0.5, labels.length - 0.5)] },
      y: { range: (_plot, _low, high) => [0, topOf(high ?? 0)] },
    },
    axes: [
      {
        stroke: colors.text,
        font,
        size: 28,
        grid: { show: false },
        ticks: { show: false },
        splits: (plot) => labelled(labels.length, plot.bbox.width / devicePixelRatio),
        values: (_plot, splits) => splits.map((place) => labels[place] ?? ""),
      },
      {
        stroke: colors.text,
        font,
        size: 44,
        incrs: STEPS,
        grid: { stroke: colors.grid, width: 1 },
        ticks: { show: false },
      },
    ],
    series: [
      {},
      {
        fill: colors.bar,
        stroke: colors.bar,
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.72, 48] }),
        points: { show: false },
      },
      { stroke: colors.line, width: 1.25, points: { show: labels.length === 1 } },
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx, left } = plot.cursor;
          const inside = idx !== null && idx !== undefined && left !== undefined && left >= 0;
          hover(inside ? idx : null, (left ?? 0) + plot.bbox.left / devicePixelRatio);
        },
      ],
    },
  };
}

/** The chart as a picture with its title, on the background of the screen. */
export function pictureOf(chart: HTMLCanvasElement, title: string): Promise<Blob | null> {
  const scale = devicePixelRatio;
  const head = 40 * scale;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width;
  canvas.height = chart.height + head;
  const pen = canvas.getContext("2d");
  if (!pen) return Promise.resolve(null);
  const colors = readColors(document.body);
  pen.fillStyle = colors.background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colors.text;
  pen.font = `${14 * scale}px system-ui, sans-serif`;
  pen.fillText(title, 12 * scale, 24 * scale, canvas.width - 24 * scale);
  pen.drawImage(chart, 0, head);
  return new Promise((settle) => canvas.toBlob(settle, "image/png"));
}
