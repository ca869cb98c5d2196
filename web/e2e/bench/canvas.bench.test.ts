import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import { consoleTab } from "../support/console.ts";
import { LARGE as CARDS, largeStream } from "../support/large-stream.ts";
import { startDemo } from "../support/server.ts";

/** Two frames of a 60 Hz screen: what a hand on the pointer does not feel. */
const FLUID_MS = 33.4;

/** Frame times in milliseconds, sorted. */
interface Frames {
  p50: number;
  p95: number;
  worst: number;
  count: number;
}

/** Records the time between frames while something is done. */
async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const record = { times: [] as number[], on: true };
    (window as unknown as { frames: typeof record }).frames = record;
    let last = performance.now();
    const tick = (now: number) => {
      record.times.push(now - last);
      last = now;
      if (record.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await act();
  const times = await page.evaluate(() => {
    const { frames } = window as unknown as { frames: { times: number[]; on: boolean } };
    frames.on = false;
    // The first frame began before anything was done.
    return frames.times.slice(1);
  });
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), worst: sorted.at(-1) ?? 0, count: sorted.length };
}

async function dragBy(
  page: Page,
  from: { x: number; y: number },
  by: { x: number; y: number },
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= 60; step += 1) {
    await page.mouse.move(from.x + (by.x * step) / 60, from.y + (by.y * step) / 60);
  }
  await page.mouse.up();
}

function line(name: string, frames: Frames): boolean {
  const met = frames.p95 <= FLUID_MS;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const figures = `p50 ${ms(frames.p50)}, p95 ${ms(frames.p95)}, worst ${ms(frames.worst)} of ${frames.count}`;
  process.stdout.write(
    `${name.padEnd(44)} ${figures.padEnd(56)} p95 ≤ ${FLUID_MS} ms   ${met ? "met" : "NOT MET"}\n`,
  );
  return met;
}

test(`a canvas of ${CARDS} cards, frame by frame`, { timeout: 300_000 }, async () => {
  const demo = await startDemo();
  const browser = await launchBrowser();
  try {
    const api = new Api(demo);
    const [site] = (await api.get<{ items: { id: string }[] }>("/sites")).items;
    const made = await api.ok<{ id: string; draft_version: number; draft: object }>("POST", "/dialogues", {
      site_id: site?.id,
      name: "Large",
    });
    const draft = { ...made.draft, stream: largeStream() };
    await api.ok("PATCH", `/dialogues/${made.id}`, { draft }, { "if-match": `"${made.draft_version}"` });

    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await consoleTab(context, demo);
    const begun = Date.now();
    await page.goto(`${demo.url}/console/dialogues/${made.id}/design?card=card-150`);
    const card = page.locator('.react-flow__node[data-id="card-150"]');
    await card.waitFor();
    process.stdout.write(`opened in ${Date.now() - begun} ms\n`);

    const idle = await framesOf(page, () => page.waitForTimeout(1_500));
    const free = { x: 900, y: 820 };
    const pan = await framesOf(page, () => dragBy(page, free, { x: -300, y: -260 }));
    const wheel = await framesOf(page, async () => {
      for (let step = 0; step < 60; step += 1) await page.mouse.wheel(30, step % 2 === 0 ? 24 : -24);
    });
    await page.keyboard.press("0");
    await page.waitForFunction(() => document.querySelectorAll(".react-flow__node").length > 250);
    const all = await page.locator(".react-flow__node").count();
    expect(all).toBeGreaterThan(CARDS - 20);
    const panAll = await framesOf(page, () => dragBy(page, { x: 700, y: 860 }, { x: 120, y: -80 }));
    const box = await page.locator('.react-flow__node[data-id="card-150"]').boundingBox();
    const at = { x: (box?.x ?? 0) + 6, y: (box?.y ?? 0) + 3 };
    const dragAll = await framesOf(page, () => dragBy(page, at, { x: 60, y: 60 }));

    line("floor: nothing is done", idle);
    const met = [
      line("panning, cards readable", pan),
      line("scrolling, cards readable", wheel),
      line(`panning, ${all} cards in view`, panAll),
      line(`dragging a card, ${all} cards in view`, dragAll),
    ];
    expect(met).toHaveLength(4);
  } finally {
    await browser.close();
    await demo.stop();
  }
});
