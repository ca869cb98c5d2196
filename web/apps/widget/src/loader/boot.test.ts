import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { config, dialogue } from "../testing/server.ts";
import type { Usher } from "../usher.d.ts";
import { boot } from "./boot.ts";
import type { View } from "./core.ts";
import * as watch from "./watch.ts";

type Sent = { url: URL; init: RequestInit; body: Record<string, unknown> };

const nothing = {
  visitor_token: null,
  consent_mode: "interaction",
  widget: null,
  resolved: null,
  assets: { view: "" },
};
const pushState = history.pushState;
const replaceState = history.replaceState;
let sent: Sent[];
let answers: Record<string, () => Response>;
/** A view that only remembers what it was told. */
let view: { [K in keyof View]: ReturnType<typeof vi.fn> };
/** What was fetched beside the script, in order. */
let fetched: string[];
const load = async <T>(address: string) => {
  fetched.push(new URL(address).pathname);
  return (address.endsWith("watch.js") ? watch : { mount: () => view }) as T;
};
const usher = () => (window as unknown as { usher: Usher }).usher;
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });
const page = (more: object) => json({ ...nothing, ...more });
const posted = (path: string) => sent.filter((s) => s.url.pathname === `/api/visitor/v1/${path}`);

const start = async (data: Record<string, string> = {}) => {
  const script = document.createElement("script");
  Object.defineProperty(script, "src", { value: "https://usher.example/widget/v1.js" });
  Object.assign(script.dataset, { site: "KEY", ...data });
  boot(script, load);
  await vi.advanceTimersByTimeAsync(100);
};

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sent = [];
  fetched = [];
  view = { update: vi.fn(), open: vi.fn(), close: vi.fn(), reset: vi.fn(), begin: vi.fn() };
  answers = { page: json(nothing) };
  window.fetch = vi.fn(async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = new URL(String(input));
    sent.push({ url, init, body: JSON.parse(String(init.body ?? "null")) });
    const answer = answers[url.pathname.replace("/api/visitor/v1/", "")];
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  }) as typeof fetch;
  // The real global cannot be taken away again; here every test needs its own.
  const define = Object.defineProperty;
  vi.spyOn(Object, "defineProperty").mockImplementation((target, name, descriptor) =>
    define(target, name, name === "usher" ? { ...descriptor, configurable: true } : descriptor),
  );
});
afterEach(() => {
  vi.useRealTimers();
  history.pushState = pushState;
  history.replaceState = replaceState;
  document.querySelector("usher-widget")?.remove();
  delete (window as { usher?: unknown }).usher;
  delete (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
});

describe("the first request", () => {
  it("is one simple request: text, no header of ours, no cookies", async () => {
    await start();
    expect(sent).toHaveLength(1);
    const { url, init, body } = sent[0] as Sent;
    expect(url.href).toBe("https://usher.example/api/visitor/v1/page?site=KEY");
    expect(init.headers).toEqual({});
    expect(typeof init.body).toBe("string");
    expect(init.credentials).toBe("omit");
    expect(body.page_view_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it("does not carry the fragment of the address", async () => {
    history.replaceState({}, "", "/here?a=1#access_token=secret");
    await start();
    expect(sent[0]?.body.url).toMatch(/\/here\?a=1$/);
  });

  it("is not sent twice when the script is added twice", async () => {
    await start();
    await start();
    expect(posted("page")).toHaveLength(1);
  });
});

describe("consent", () => {
  it("open: stores the token at once and sends it from then on", async () => {
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    await start();
    expect(localStorage.getItem("usher.KEY.token")).toBe("tok");
    usher().page({ url: "/next" });
    await vi.advanceTimersByTimeAsync(100);
    expect(sent[1]?.init.headers).toEqual({ "X-Usher-Visitor": "tok" });
  });

  it("interaction: stores nothing, even if a token came", async () => {
    answers.page = page({ visitor_token: "tok" });
    await start();
    expect(localStorage.length).toBe(0);
  });

  it("the stricter of snippet and site holds", async () => {
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    await start({ consent: "interaction" });
    expect(localStorage.length).toBe(0);
  });

  it("required: sends and stores nothing before consent, then everything works", async () => {
    answers.consent = json({ visitor_token: "tok" });
    await start({ consent: "required" });
    expect(sent).toHaveLength(0);
    usher()("consent", true);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map((s) => s.url.pathname.split("/").pop())).toEqual(["consent", "page"]);
    expect(localStorage.getItem("usher.KEY.token")).toBe("tok");
    expect(posted("page")[0]?.body.granted).toBe(true);
  });

  it("required by the site alone: the page is decided again once consent is given", async () => {
    answers.page = page({ consent_mode: "required" });
    answers.consent = json({ visitor_token: "tok" });
    await start();
    expect(localStorage.length).toBe(0);
    usher().consent(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(posted("page").map((s) => s.body.granted)).toEqual([false, true]);
  });

  it("Global Privacy Control counts as required", async () => {
    Object.assign(navigator, { globalPrivacyControl: true });
    await start({ consent: "open" });
    expect(sent).toHaveLength(0);
  });

  it("is remembered on the next page, and asked of the server once", async () => {
    answers.consent = json({ visitor_token: "tok" });
    await start({ consent: "required" });
    usher().consent(true);
    await vi.advanceTimersByTimeAsync(100);
    delete (window as { usher?: unknown }).usher;
    sent = [];
    await start({ consent: "required" });
    usher().consent(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map((s) => s.url.pathname.split("/").pop())).toEqual(["page"]);
    expect(sent[0]?.init.headers).toEqual({ "X-Usher-Visitor": "tok" });
  });

  it("withdrawal empties the storage at once, tells the server and stops", async () => {
    localStorage.setItem("other", "stays");
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    await start();
    usher().consent(false);
    expect(Object.keys(localStorage)).toEqual(["other"]);
    await vi.advanceTimersByTimeAsync(100);
    expect(posted("consent")[0]?.body).toEqual({ granted: false });
    expect(posted("consent")[0]?.init.headers).toEqual({ "X-Usher-Visitor": "tok" });
    sent = [];
    usher().page();
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(0);
  });

  it("logout forgets the visitor and begins as a new one", async () => {
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    await start();
    answers.page = page({ visitor_token: "new", consent_mode: "open" });
    usher().logout();
    await vi.advanceTimersByTimeAsync(100);
    expect(posted("logout")[0]?.init.headers).toEqual({ "X-Usher-Visitor": "tok" });
    expect(posted("page")[1]?.init.headers).toEqual({});
    expect(localStorage.getItem("usher.KEY.token")).toBe("new");
  });

  it("a browser that refuses storage is no error", async () => {
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new Error("denied");
    });
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("denied");
    });
    await start();
    usher().page();
    await vi.advanceTimersByTimeAsync(100);
    expect(sent[1]?.init.headers).toEqual({ "X-Usher-Visitor": "tok" });
  });
});

describe("the bubble", () => {
  const host = () => document.querySelector<HTMLElement>("usher-widget");
  const bubble = () => host()?.shadowRoot?.querySelector("button");
  const greets = page({ widget: config, resolved: dialogue(), assets: { view: "widget/view.js" } });
  /** Until the answer is there, and nothing that may come after it. */
  const answered = async () => {
    answers.page = greets;
    const script = document.createElement("script");
    Object.defineProperty(script, "src", { value: "https://usher.example/widget/v1.js" });
    script.dataset.site = "KEY";
    boot(script, load);
    await vi.advanceTimersByTimeAsync(10);
  };

  it("is drawn with the answer, before anything else is fetched", async () => {
    await answered();
    expect(bubble()?.getAttribute("aria-label")).toBe("Open chat with Robin");
    expect(host()?.style.getPropertyValue("--button")).toBe(config.colors.button);
    expect(fetched).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(fetched).toEqual(["/widget/view.js"]);
    expect(view.update).toHaveBeenCalledOnce();
    expect(view.open).not.toHaveBeenCalled();
  });

  it("opens the chat for the visitor even when it is clicked at once", async () => {
    await answered();
    bubble()?.click();
    await vi.advanceTimersByTimeAsync(0);
    expect(view.open).toHaveBeenCalledWith("visitor");
    await vi.advanceTimersByTimeAsync(100);
    expect(view.update).toHaveBeenCalledOnce();
  });

  it("goes again when the next page shows nothing", async () => {
    await answered();
    answers.page = json(nothing);
    usher().page({ url: "/next" });
    await vi.advanceTimersByTimeAsync(10);
    expect(host()).toBeNull();
    await vi.advanceTimersByTimeAsync(100);
    expect(fetched).toEqual([]);
  });

  it("goes when the visitor withdraws", async () => {
    await answered();
    usher().consent(false);
    expect(host()).toBeNull();
    await vi.advanceTimersByTimeAsync(100);
    expect(fetched).toEqual([]);
  });

  it("waits for the dialogue's event, or for the page", async () => {
    const events = { mode: "all", conditions: [{ kind: "time_on_page", seconds: 10 }] };
    answers.page = page({
      widget: config,
      resolved: dialogue({ met: false, events }),
      assets: { view: "widget/view.js" },
    });
    await start();
    expect(host()).toBeNull();
    expect(fetched).toEqual(["/widget/watch.js"]);
    await vi.advanceTimersByTimeAsync(10_500);
    expect(host()).not.toBeNull();
    expect(view.update.mock.lastCall?.[1]).toBe(true);
    usher().page({ url: "/next" });
    await vi.advanceTimersByTimeAsync(100);
    usher().open();
    await vi.advanceTimersByTimeAsync(0);
    expect(view.open).toHaveBeenCalledWith("page");
  });

  it("is hidden and shown by the page", async () => {
    await answered();
    usher().hide();
    expect(host()?.hidden).toBe(true);
    usher().show();
    expect(host()?.hidden).toBe(false);
  });
});

describe("page views", () => {
  it("follow the History API, once for each address", async () => {
    await start();
    history.pushState({}, "", "/a");
    history.replaceState({}, "", "/b");
    await vi.advanceTimersByTimeAsync(100);
    history.replaceState({ scroll: 1 }, "", "/b");
    history.pushState({}, "", "/b#part");
    await vi.advanceTimersByTimeAsync(100);
    expect(
      posted("page")
        .map((s) => new URL(s.body.url as string).pathname)
        .slice(1),
    ).toEqual(["/b"]);
    const ids = posted("page").map((s) => s.body.page_view_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("that the page tells itself are not told again while the browser's address stays", async () => {
    await start();
    usher().page({ url: "/step-2", title: "Step two" });
    // The widget begins to follow moves only a while after the first answer.
    await vi.advanceTimersByTimeAsync(10_000);
    history.replaceState({ scroll: 1 }, "", location.href);
    await vi.advanceTimersByTimeAsync(100);
    const told = () => posted("page").map((s) => new URL(s.body.url as string).pathname);
    expect(told().slice(1)).toEqual(["/step-2"]);
    history.pushState({}, "", "/step-3");
    await vi.advanceTimersByTimeAsync(100);
    expect(told().slice(1)).toEqual(["/step-2", "/step-3"]);
  });

  it("report what was gathered while an event is pending, and only then", async () => {
    const resolved = {
      ...dialogue({ met: false }),
      events: { mode: "all", conditions: [{ kind: "time_on_page", seconds: 60 }] },
    };
    answers.page = page({ widget: config, resolved });
    await start();
    const first = posted("page")[0]?.body.page_view_id;
    answers.page = json(nothing);
    history.pushState({}, "", "/other");
    await vi.advanceTimersByTimeAsync(100);
    expect(posted("page/leave")).toHaveLength(1);
    expect(posted("page/leave")[0]?.body.page_view_id).toBe(first);
    history.pushState({}, "", "/third");
    await vi.advanceTimersByTimeAsync(100);
    expect(posted("page/leave")).toHaveLength(1);
  });
});

describe("trouble", () => {
  it("a server that is down gives one warning and a handful of attempts, well apart", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    answers = {};
    await start();
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(warn).toHaveBeenCalledOnce();
  });

  it("goes on when the server is back", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    answers.page = json({}, 503);
    await start();
    answers.page = page({ visitor_token: "tok", consent_mode: "open" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(localStorage.getItem("usher.KEY.token")).toBe("tok");
  });

  it("tells a developer why the site is refused, and does not ask again", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    answers.page = json({ title: "Forbidden", detail: "unknown site key KEY" }, 403);
    await start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(warn).toHaveBeenCalledWith("usher: unknown site key KEY");
  });

  it("waits as long as the server asks", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    answers.page = () => new Response("{}", { status: 429, headers: { "Retry-After": "20" } });
    await start();
    await vi.advanceTimersByTimeAsync(19_000);
    expect(sent).toHaveLength(1);
  });
});

describe("the global", () => {
  it("is one frozen function that a second stub cannot replace", async () => {
    await start();
    const mine = usher();
    (window as { usher?: unknown }).usher = () => {};
    expect(usher()).toBe(mine);
    expect(Object.isFrozen(mine)).toBe(true);
    expect(() => (usher() as unknown as (command: string) => void)("dance")).not.toThrow();
  });

  it("carries out what was called before it came, in order", async () => {
    answers.consent = json({ visitor_token: "tok" });
    const ready = vi.fn();
    const q: unknown[][] = [
      ["on", "ready", ready],
      ["consent", true],
    ];
    (window as { usher?: unknown }).usher = Object.assign(() => {}, { q });
    await start({ consent: "required" });
    expect(posted("page")).toHaveLength(1);
    expect(ready).toHaveBeenCalledOnce();
  });

  it("tells late listeners that it is ready, and forgets those taken off", async () => {
    await start();
    const ready = vi.fn();
    usher().on("ready", ready);
    expect(ready).toHaveBeenCalledOnce();
    const closed = vi.fn();
    usher().on("conversation_closed", closed);
    usher().off("conversation_closed", closed);
    document.dispatchEvent(new CustomEvent("usher:conversation_closed"));
    expect(closed).not.toHaveBeenCalled();
  });
});
