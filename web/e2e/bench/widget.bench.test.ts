import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { startDemo } from "../support/server.ts";
import { startBareLoader } from "./bare-loader.ts";
import { type Cost, type Load, scriptCost, widgetOn } from "./script-cost.ts";

/** Page loads of each kind. The median is quoted, the least beside it: other work on the machine only ever adds. */
const RUNS = 9;
const sizeScript = resolve(import.meta.dirname, "../../apps/widget/size.mjs");

const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
const median = (values: number[]) => sorted(values)[values.length >> 1] ?? Number.NaN;
const least = (values: number[]) => sorted(values)[0] ?? Number.NaN;

function line(name: string, value: string, goal = "", met?: boolean): void {
  const verdict = met === undefined ? "" : met ? "met" : "NOT MET";
  process.stdout.write(`${name.padEnd(58)} ${value.padStart(30)}   ${goal.padEnd(12)} ${verdict}\n`);
}

/** Takes turns, so that what else the machine does falls on all alike. */
async function costs(loads: Load[], slowdown: number): Promise<Cost[][]> {
  const done: Cost[][] = loads.map(() => []);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [at, load] of loads.entries()) done[at]?.push(await scriptCost(load, slowdown));
  }
  return done;
}

function quote(costs: Cost[], pick: (cost: Cost) => number): string {
  const values = costs.map(pick);
  return `${median(values).toFixed(1)} ms (least ${least(values).toFixed(1)})`;
}

test("figures of the widget", { timeout: 600_000 }, async () => {
  // The widget's own budget check knows which chunks a conversation needs.
  const sizes = JSON.parse(execFileSync("node", [sizeScript, "--json"], { encoding: "utf8" })) as {
    loader: number;
    bubble: number;
    conversation: number;
  };
  const { loader, bubble, conversation: all } = sizes;
  line("loader, brotli", `${loader} B`, "≤ 3000 B", loader <= 3000);
  line("loader to bubble, brotli", `${bubble} B`);
  line("everything for poke and conversation, brotli", `${all} B`, "≤ 20000 B", all <= 20_000);

  const [demo, bare] = [await startDemo(), await startBareLoader()];
  try {
    for (const [speed, slowdown, goal] of [
      ["full speed", 1, 5],
      ["slowed 4×", 4, 30],
    ] as const) {
      const [ours = [], floor = []] = await costs([widgetOn(`${demo.url}/demo/`), bare.load], slowdown);
      const met = median(ours.map((c) => c.bubble)) <= goal;
      line(
        `script CPU from tag to bubble, ${speed}`,
        quote(ours, (c) => c.bubble),
        `≤ ${goal} ms`,
        met,
      );
      line(
        "  a bare loader of 0.5 kB in the same run",
        quote(floor, (c) => c.bubble),
      );
      line(
        "  afterwards: words and conversation",
        quote(ours, (c) => c.after),
      );
      line(
        "  compiled on other threads",
        quote(ours, (c) => c.background),
      );
      const long = ours.reduce((sum, c) => sum + c.longTasks, 0);
      line("  long tasks, all runs", `${long}`, "0", long === 0);
    }
  } finally {
    bare.stop();
    await demo.stop();
  }
  expect(all).toBeGreaterThan(0);
});
