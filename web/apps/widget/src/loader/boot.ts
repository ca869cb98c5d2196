import type { ConsentMode, PageResponse, Problem } from "../protocol.ts";
import { backoff } from "./backoff.ts";
import type { Core, EventName, Payload, Reply, View, ViewModule } from "./core.ts";
import { createVault } from "./vault.ts";
import { pageScene, type Watcher, watch } from "./watch.ts";

/** A call made before the script came: the command and its arguments. */
type Queued = ArrayLike<unknown>;
type Commands = Record<string, (...args: never[]) => unknown>;
type Stub = { q?: Queued[]; v?: number };

const STRICTNESS: ConsentMode[] = ["open", "interaction", "required"];
/** Attempts to have a page view decided; after that the next page view tries again. */
const PAGE_ATTEMPTS = 6;

/** An address without its fragment: routers and sign-ins keep private things there. */
const bare = (href: string) => href.split("#")[0] as string;

/** Random (version 4) UUID; `crypto.randomUUID` is missing on pages without https. */
const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let at = 0;
  return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (place) => {
    const nibble = ((bytes[at >> 1] as number) >> (4 * (at++ & 1))) & 15;
    return (place === "8" ? 8 | (nibble & 3) : nibble).toString(16);
  });
};

/** Starts Usher for the site that the script tag names; returns at once. */
export const boot = (script: HTMLScriptElement): void => {
  const earlier = (window as { usher?: Stub }).usher;
  const { site: key, consent: declared } = script.dataset;
  if (!key || earlier?.v) return;

  // Kept now: what pages and other scripts do to `fetch` later does not reach us.
  const request = window.fetch;
  const base = new URL("../", script.src);
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
  const strictest = (...modes: (string | undefined)[]) =>
    STRICTNESS[Math.max(...modes.map((m) => STRICTNESS.indexOf(m as ConsentMode)))] ?? "interaction";

  let mode = strictest(declared, gpc ? "required" : undefined);
  const vault = createVault(key, () => granted || mode === "open" || (mode === "interaction" && touched));
  let granted = vault.read("granted") === "1";
  let token = vault.read("token");
  /** The visitor has clicked in the chat, now or on an earlier page. */
  let touched = !!token;
  let withdrawn = false;
  if (mode === "required" && !granted) {
    vault.clear();
    token = null;
  }

  let turn = 0;
  let paged = false;
  let pageView = "";
  let address = "";
  let decided: PageResponse | undefined;
  let watcher: Watcher | undefined;
  let view: View | undefined;
  let loading: Promise<ViewModule> | undefined;
  let wish = false;
  let visible = true;
  let warned = false;

  const warn = (text: string) => {
    if (!warned) console.warn(`usher: ${text}`);
    warned = true;
  };
  const maySend = () => !withdrawn && (granted || mode !== "required");

  const call = async <T>(method: "GET" | "POST", path: string, body?: object): Promise<Reply<T>> => {
    const join = path.includes("?") ? "&" : "?";
    try {
      token = vault.read("token") ?? token;
      // A string body goes out as text/plain, and a new visitor sends no header of ours:
      // the first request of a page needs no preflight.
      const response = await request.call(window, `${base}api/visitor/v1/${path}${join}site=${key}`, {
        method,
        body: body && JSON.stringify(body),
        headers: token ? { "X-Usher-Visitor": token } : {},
        credentials: "omit",
        keepalive: method === "POST",
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: (text ? JSON.parse(text) : null) as T,
        retryAfter: Number(response.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0, body: null as T, retryAfter: 0 };
    }
  };

  const accept = (fresh: string | null | undefined) => {
    if (!fresh) return;
    token = fresh;
    vault.write("token", fresh);
  };

  const emit = (name: EventName, payload: Payload = {}) => {
    const event = new CustomEvent(`usher:${name}`, { bubbles: true, detail: { payload } });
    document.dispatchEvent(Object.assign(event, { data: { payload } }));
    return event;
  };

  const leave = () =>
    watcher && call("POST", "page/leave", { page_view_id: pageView, ...watcher.gathered() });
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
    },
    read: vault.read,
    write: vault.write,
    emit,
    view: () => pageView,
    uuid,
    href: (path) => new URL(path, base).href,
    again: () => page(),
    nonce: script.nonce,
  };

  /** The event has come, or the page asked for the chat: fetch the view and hand over. */
  const show = async () => {
    unwatch();
    const page = decided as PageResponse;
    try {
      loading ??= import(/* @vite-ignore */ core.href(page.assets.view)) as Promise<ViewModule>;
      const module = await loading;
      if (page !== decided) return;
      view ??= module.mount(core);
      view.visible(visible);
      view.update(page, true);
      if (wish) view.open();
      wish = false;
    } catch (error) {
      loading = undefined;
      warn(`the chat could not be loaded (${error})`);
    }
  };

  const decide = (page: PageResponse) => {
    decided = page;
    mode = strictest(declared, gpc ? "required" : undefined, page.consent_mode);
    accept(page.visitor_token);
    const { resolved } = page;
    if (!page.widget || !resolved) view?.update(page, false);
    else if (resolved.kind === "continue" || resolved.met || wish) show();
    else {
      view?.update(page, false);
      watcher = watch(resolved.events, resolved.elapsed, show, pageScene());
    }
  };

  /** Has a page view decided. Only the latest one counts. */
  const page = async (url = bare(location.href), title = document.title) => {
    leave();
    unwatch();
    const mine = ++turn;
    const referrer = address || document.referrer;
    address = url;
    if (!maySend()) return;
    paged = true;
    pageView = uuid();
    for (let failures = 0; failures < PAGE_ATTEMPTS; ) {
      const { status, body, retryAfter } = await call<PageResponse & Problem>("POST", "page", {
        page_view_id: pageView,
        url,
        title,
        referrer,
        language: navigator.language,
        viewport: { width: innerWidth, height: innerHeight },
        consent_mode: STRICTNESS.includes(declared as ConsentMode) ? declared : undefined,
        granted,
        gpc,
      });
      if (mine !== turn) return;
      if (status === 200) return decide(body);
      warn(body?.detail ?? body?.title ?? "the server cannot be reached");
      if (status >= 400 && status < 500 && status !== 429) return;
      await new Promise((resume) => setTimeout(resume, backoff(++failures, retryAfter)));
      if (mine !== turn) return;
    }
  };

  /** Nothing of this visitor stays in the browser, on the screen or in memory. */
  const forget = () => {
    granted = touched = false;
    token = null;
    decided = undefined;
    turn++;
    unwatch();
    vault.clear();
    view?.reset();
  };

  const display = (on: boolean) => {
    visible = on;
    view?.visible(on);
  };

  const commands = {
    on(name: EventName, run: (event: Event) => void) {
      document.addEventListener(`usher:${name}`, run);
      if (name === "ready" && ready) run(ready);
    },
    off(name: EventName, run: (event: Event) => void) {
      document.removeEventListener(`usher:${name}`, run);
    },
    page: (at: { url?: string; title?: string } = {}) => {
      page(at.url && bare(new URL(at.url, location.href).href), at.title);
    },
    async consent(given: boolean) {
      if (!given) {
        if (token || paged) call("POST", "consent", { granted: false });
        withdrawn = true;
        paged = false;
        forget();
      } else if (!granted) {
        granted = true;
        withdrawn = false;
        vault.write("granted", "1");
        const { status, body } = await call<{ visitor_token: string | null }>("POST", "consent", { granted });
        if (status === 200) accept(body.visitor_token);
        // A site that requires consent has answered with nothing so far.
        if (!paged || decided?.consent_mode === "required") page();
      }
    },
    open() {
      wish = true;
      if (decided?.resolved) show();
    },
    close() {
      wish = false;
      view?.close();
    },
    show: () => display(true),
    hide: () => display(false),
    logout() {
      call("POST", "logout", {});
      forget();
      page();
    },
  };

  let ready: Event | undefined;
  const usher = (command: string, ...args: never[]) => (commands as Commands)[command]?.(...args);
  // An accessor, so that a page that runs its stub again neither replaces us nor throws.
  const global = Object.freeze(Object.assign(usher, commands, { v: 1 }));
  Object.defineProperty(window, "usher", { get: () => global, set() {} });
  for (const [command, ...args] of (earlier?.q ?? []).map((q) => Array.from(q))) {
    usher(command as string, ...(args as never[]));
  }

  let settle: ReturnType<typeof setTimeout>;
  const moved = () => {
    // Routers change the title after the address, and some change the address many times.
    clearTimeout(settle);
    settle = setTimeout(() => bare(location.href) !== address && page(), 60);
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      moved();
    };
  }
  addEventListener("popstate", moved);
  addEventListener("pageshow", (event) => event.persisted && page());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());

  const start = () => {
    ready = emit("ready");
    if (!paged) page();
  };
  // After the first frame: asking for the size of the window before it would force a layout upon the page.
  const settled = () =>
    document.hidden ? setTimeout(start) : requestAnimationFrame(() => setTimeout(start));
  // A page that the browser prepares in advance has not been viewed.
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener("prerenderingchange", settled, { once: true });
  } else settled();
};
