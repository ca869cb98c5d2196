import { type Devtools, type DevtoolsEvent, startDevtools } from "../support/devtools.ts";

/** What the scripts of one page load cost the page, in milliseconds of processor time. */
export interface Cost {
  /** From the tag to the frame in which the bubble is painted. */
  bubble: number;
  /** After that: the words beside it, and the conversation that is fetched while the page is idle. */
  after: number;
  /** Compiled on other threads meanwhile. */
  background: number;
  /** Pieces of script that held the page up for more than 50 ms of processor time. */
  longTasks: number;
}

export interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur: number;
  /** Of `dur`, what the thread itself worked. */
  tdur?: number;
  pid: number;
  tid: number;
  args: { fileName?: string; data?: { url?: string; requestId?: string } };
}

/** Everything by which a browser enters a page's script; of nested ones only the outermost is counted. */
const SCRIPT = new Set([
  "EvaluateScript",
  "EventDispatch",
  "FireAnimationFrame",
  "FireIdleCallback",
  "FunctionCall",
  "RunMicrotasks",
  "TimerFire",
  "v8.callFunction",
  "v8.compile",
  "v8.compileModule",
  "v8.evaluateModule",
]);
const BACKGROUND = "v8.parseOnBackground";
/** No more than is needed: every event that is written down costs time itself. */
const CATEGORIES = ["devtools.timeline", "v8", "v8.execute"];
const LONG_TASK_US = 50_000;
/** After the bubble the page is watched for this long. */
const AFTERWARDS_MS = 1500;

/** What is loaded, and how its trace is read. All but `url` are parts of addresses. */
export interface Load {
  url: string;
  /** The script that the page's tag names. */
  tag: string;
  /** What the script asks before it draws its bubble. */
  asks: string;
  /** What is told when the bubble is there. */
  tells: string;
}

/** A page with the widget. */
export const widgetOn = (url: string): Load => ({
  url,
  tag: "/widget/v1.js",
  asks: "/api/visitor/v1/page",
  tells: "/api/visitor/v1/shown",
});

/**
 * Loads a page that has no other script, in a fresh profile and without a driver's scripts, and adds up what the trace
 * says about its main thread.
 */
export async function scriptCost(load: Load, slowdown: number): Promise<Cost> {
  const browser = startDevtools();
  try {
    return add(load, await traceLoad(browser, load, slowdown));
  } finally {
    await browser.close();
  }
}

async function traceLoad(browser: Devtools, load: Load, slowdown: number): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  browser.on(({ method, params }) => {
    if (method === "Tracing.dataCollected") events.push(...(params.value as TraceEvent[]));
  });
  const { targetInfos } = await browser.send<{ targetInfos: { type: string; targetId: string }[] }>(
    "Target.getTargets",
  );
  const targetId = targetInfos.find((target) => target.type === "page")?.targetId;
  const { sessionId } = await browser.send<{ sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  await browser.send("Network.enable", {}, sessionId);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: slowdown }, sessionId);
  await browser.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES } });
  const shown = heard(browser, (event) => asksFor(event, load.tells));
  await browser.send("Page.navigate", { url: load.url }, sessionId);
  await shown;
  await new Promise((settle) => setTimeout(settle, AFTERWARDS_MS));
  const complete = heard(browser, ({ method }) => method === "Tracing.tracingComplete");
  await browser.send("Tracing.end");
  await complete;
  return events;
}

const asksFor = ({ method, params }: DevtoolsEvent, address: string) =>
  method === "Network.requestWillBeSent" && (params.request as { url: string }).url.includes(address);

const heard = (browser: Devtools, wanted: (event: DevtoolsEvent) => boolean) =>
  new Promise<void>((settle) => browser.on((event) => wanted(event) && settle()));

function add(load: Load, events: TraceEvent[]): Cost {
  const sent = (address: string) => {
    const found = events.find((e) => e.name === "ResourceSendRequest" && e.args.data?.url?.includes(address));
    if (!found) throw new Error(`the page has not asked for ${address}`);
    return found;
  };
  const tag = sent(load.tag);
  const ours = events.filter((e) => e.pid === tag.pid && e.ts >= tag.ts);
  const main = ours.filter((e) => e.tid === tag.tid && e.ph === "X").sort(byStart);
  const { requestId } = sent(load.asks).args.data ?? {};
  const answered = ours.find((e) => e.name === "ResourceFinish" && e.args.data?.requestId === requestId);
  const painted = main.find((e) => e.name === "Paint" && e.ts > (answered?.ts ?? Number.POSITIVE_INFINITY));
  if (!painted) throw new Error("no frame with the bubble");
  const scripts = outermost(main.filter((e) => SCRIPT.has(e.name)));
  return {
    bubble: milliseconds(scripts.filter((e) => e.ts < painted.ts)),
    after: milliseconds(scripts.filter((e) => e.ts > painted.ts)),
    background: milliseconds(ours.filter((e) => e.name === BACKGROUND)),
    longTasks: scripts.filter((e) => work(e) > LONG_TASK_US).length,
  };
}

const byStart = (a: TraceEvent, b: TraceEvent) => a.ts - b.ts || b.dur - a.dur;

function outermost(sorted: TraceEvent[]): TraceEvent[] {
  let end = 0;
  return sorted.filter((e) => {
    if (e.ts < end) return false;
    end = e.ts + e.dur;
    return true;
  });
}

const milliseconds = (events: TraceEvent[]) => events.reduce((sum, e) => sum + work(e), 0) / 1000;
const work = (event: TraceEvent) => event.tdur ?? event.dur ?? 0;
