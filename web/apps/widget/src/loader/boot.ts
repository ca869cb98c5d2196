import { backoff } from "@usher/live/backoff.ts";
import type { PageResponse, Problem, ResolvedDialogue, WidgetConfig } from "../protocol.ts";
import type { Extras } from "../sdk.ts";
import { asker } from "./ask.ts";
import { modeOf, strictest } from "./consent.ts";
import type { Core, EventName, View, ViewModule } from "./core.ts";
import { type Corner, createCorner } from "./corner.ts";
import { declaredFlows } from "./declared.ts";
import { domName, emit } from "./events.ts";
import { followMoves } from "./moves.ts";
import { uuid } from "./uuid.ts";
import { createVault } from "./vault.ts";
import type { Watcher } from "./watch.ts";

/** A call made before the script came: the command and its arguments. */
type Queued = ArrayLike<unknown>;
type Commands = Record<string, (...args: never[]) => unknown>;
type Stub = { q?: Queued[]; v?: number };

/** Attempts to have a page view decided; after that the next page view tries again. */
const PAGE_ATTEMPTS = 6;
/** After an answer, milliseconds until what is not urgent: the bubble is on the screen first. */
const AFTERWARDS_MS = 50;

/** Paths of what is fetched; the build fills them in. */
declare const VIEW: string;
declare const WATCH: string;
declare const SDK: string;

/** An address without its fragment: routers and sign-ins keep private things there. */
const bare = (href: string) => href.split("#")[0] as string;
const fetchModule = <T>(address: string): Promise<T> => import(/* @vite-ignore */ address);

/** Starts Usher for the site that the script tag names; returns at once. */
export const boot = (script: HTMLScriptElement, load = fetchModule): void => {
  const earlier = (window as { usher?: Stub }).usher;
  const { site: key, consent } = script.dataset;
  if (!key || earlier?.v) return;

  // Kept now: what pages and other scripts do to `fetch` later does not reach us.
  const ask = asker(window.fetch);
  const base = script.src.split("widget/v1.js")[0] as string;
  const gpc = !!(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  const declared = modeOf(consent);

  let mode = strictest(declared, gpc && "required");
  const vault = createVault(key, () => granted || mode === "open" || (mode === "interaction" && touched));
  let granted = vault.read("granted") === "1";
  let token = vault.read("token");
  /** The visitor has clicked in the chat, now or on an earlier page. */
  let touched = !!token;

  let turn = 0;
  let pageView = "";
  let address = "";
  let place = "";
  /** The latest answer, the one that is on the screen, and the one that the view has. */
  let decided: PageResponse | undefined;
  let shown: PageResponse | undefined;
  let handed: PageResponse | undefined;
  let watcher: Watcher | undefined;
  let corner: Corner | undefined;
  let view: View | undefined;
  /** Who has asked for the chat before it was there. */
  let wish: "visitor" | "page" | undefined;
  /** What a page view waits for: who the visitor is, and what the page has started. */
  let held: Promise<void> | undefined;
  /** The last request of a visitor without a token. */
  let newcomer: Promise<unknown> = Promise.resolve();
  let warned = false;

  const warn = (text: string | Error) => {
    if (!warned) console.warn(`usher: ${text}`);
    warned = true;
  };

  const call: Core["call"] = <T>(path: string, body?: object, more = "") => {
    const send = () => {
      token = vault.read("token") ?? token;
      return ask<T>(`${base}api/visitor/v1/${path}?site=${key}${more}`, token, body);
    };
    // Somebody without a token is given one by the first answer; a second request at the same time would be somebody else.
    if (token) return send();
    const answer = newcomer.then(send);
    newcomer = answer;
    return answer;
  };
  const accept = (fresh: string | null) => {
    if (!fresh) return;
    token = fresh;
    vault.write("token", fresh);
  };
  /** A part of the widget; a warning when it cannot be had. */
  const part = async <T>(path: string, run: (module: T) => unknown) => {
    try {
      await run(await load<T>(base + path));
    } catch (error) {
      warn(error as Error);
    }
  };

  const leave = () => watcher && call("page/leave", { page_view_id: pageView, ...watcher.gathered() });
  const unwatch = () => {
    watcher?.stop();
    watcher = undefined;
  };

  const core: Core = {
    key,
    call,
    accept,
    clicked() {
      touched = true;
      core.allowed?.();
    },
    read: vault.read,
    write: vault.write,
    emit,
    pageView: () => pageView,
    silent: () => !granted && mode === "required",
    consent: () => ({ granted, clicked: touched, consent_mode: declared }),
    uuid,
    again: () => page(),
    corner: () => (corner ??= createCorner(() => open("visitor"))),
    withView: (run) =>
      part<ViewModule>(decided?.assets.view ?? VIEW, (module) => {
        view ??= module.mount(core);
        run(view);
      }),
  };
  /** What few pages use is fetched when they do. One after the other: who is identified first is known to what follows. */
  const extra =
    (name: keyof Extras) =>
    (...args: never[]) => {
      const before = held;
      held = part<typeof import("../sdk.ts")>(SDK, async (sdk) => {
        await before;
        return (sdk.extras(core)[name] as (...args: never[]) => unknown)(...args);
      });
    };

  /** Hands over to the view. */
  const handOver = () => {
    const page = decided as PageResponse;
    core.withView((view) => {
      if (page !== decided) return;
      if (handed !== page) view.update(page, true);
      handed = page;
      if (wish) view.open(wish);
      wish = undefined;
    });
  };

  /** The event has come, or the page asked for the chat. */
  const show = () => {
    unwatch();
    const page = decided as PageResponse;
    shown = page;
    if (!view) core.corner().draw(page.widget as WidgetConfig);
    if (view || wish || page.resolved?.kind !== "dialogue") handOver();
    else setTimeout(() => page === decided && handOver(), AFTERWARDS_MS);
  };

  const decide = (page: PageResponse) => {
    decided = page;
    mode = strictest(declared, gpc && "required", page.consent_mode);
    accept(page.visitor_token);
    const { resolved } = page;
    const there = page.widget && resolved;
    if (there && (resolved.kind !== "dialogue" || resolved.met || wish)) return show();
    if (view) view.update(page, false);
    else corner?.host.remove();
    if (!there) return;
    part<typeof import("./watch.ts")>(WATCH, ({ watch, pageScene }) => {
      const { events, elapsed } = resolved as ResolvedDialogue;
      if (page === decided && page !== shown) watcher = watch(events, elapsed, show, pageScene());
    });
  };

  /** Changes of the address are page views. */
  let follow = () => {
    follow = () => {};
    declaredFlows(extra("click"), extra("scan"));
    followMoves(() => bare(location.href) !== place && page(), page, leave);
  };

  /** Has a page view decided. Only the latest one counts. */
  const page = async (url = bare(location.href), title = document.title) => {
    leave();
    unwatch();
    const mine = ++turn;
    const referrer = address || document.referrer;
    const preview = /[?&]usher_preview=([^&]+)/.exec(url)?.[1];
    address = url;
    // The page may have told another address than the browser's: only a move of the latter is a view more.
    place = bare(location.href);
    await held;
    if (mine !== turn) return;
    if (!preview && core.silent()) return follow();
    pageView = uuid();
    for (let failures = 0; failures < PAGE_ATTEMPTS; ) {
      const { status, body, retryAfter } = await call<PageResponse & Problem>("page", {
        page_view_id: pageView,
        url,
        title,
        referrer,
        consent_mode: declared,
        granted,
        gpc,
        preview,
      });
      setTimeout(() => follow(), AFTERWARDS_MS);
      if (mine !== turn) return;
      if (status === 200) return decide(body);
      warn(body?.detail ?? body?.title ?? "the server cannot be reached");
      if (status && status < 500 && status !== 429) return;
      await new Promise((resume) => setTimeout(resume, backoff(++failures, retryAfter)));
      if (mine !== turn) return;
    }
  };

  const open = (by: "visitor" | "page") => {
    wish = by;
    if (decided?.resolved) show();
  };

  /** Nothing of this visitor stays in the browser, on the screen or in memory. */
  const forget = () => {
    granted = touched = false;
    token = null;
    decided = undefined;
    turn++;
    unwatch();
    vault.clear();
    corner?.host.remove();
    view?.reset();
  };

  const display = (on: boolean) => {
    core.corner().host.hidden = !on;
  };

  const commands = {
    on(name: EventName, run: (event: Event) => void) {
      document.addEventListener(domName(name), run);
      if (name === "ready" && ready) run(ready);
    },
    off(name: EventName, run: (event: Event) => void) {
      document.removeEventListener(domName(name), run);
    },
    page: (at: { url?: string; title?: string } = {}) => {
      page(at.url && bare(new URL(at.url, location.href).href), at.title);
    },
    async consent(given: boolean) {
      if (!given) {
        if (token || pageView) call("consent", { granted: false });
        mode = "required";
        pageView = "";
        forget();
      } else if (!granted) {
        granted = true;
        vault.write("granted", "1");
        const { status, body } = await call<{ visitor_token: string | null }>("consent", { granted });
        if (status === 200) accept(body.visitor_token);
        core.allowed?.();
        // A site that requires consent has answered with nothing so far.
        if (!pageView || decided?.consent_mode === "required") page();
      }
    },
    open: () => open("page"),
    close() {
      wish = undefined;
      view?.close();
    },
    show: () => display(true),
    hide: () => display(false),
    startFlow: extra("startFlow"),
    attachForm: extra("attachForm"),
    identify: extra("identify"),
    logout() {
      call("logout", {});
      forget();
      page();
    },
  };

  let ready: Event | undefined;
  const usher = (command: string, ...args: never[]) => (commands as Commands)[command]?.(...args);
  // An accessor, so that a page that runs its stub again neither replaces us nor throws.
  const global = Object.freeze(Object.assign(usher, commands, { v: 1 }));
  Object.defineProperty(window, "usher", { get: () => global, set() {} });
  // What an earlier visit was allowed to keep may be forbidden now.
  if (core.silent()) forget();
  for (const call of earlier?.q ?? []) usher.apply(null, call as Parameters<typeof usher>);

  const start = () => {
    ready = emit("ready");
    if (!address) page();
  };
  // Once the head has been read: the title is in it.
  const settled = () => (document.body ? start() : setTimeout(settled, 20));
  // A page that the browser prepares in advance has not been viewed.
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener("prerenderingchange", settled, { once: true });
  } else settled();
};
