import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Beginning, View } from "./loader/core.ts";
import type { ConversationView, Started } from "./protocol.ts";
import { config, conversation, dialogue, fakeCore, page, said } from "./testing/server.ts";
import { mount } from "./view.tsx";

let server: ReturnType<typeof fakeCore>;
let view: View;
const root = () => document.querySelector("usher-widget")?.shadowRoot;
const find = (selector: string) => root()?.querySelector<HTMLElement>(selector) ?? null;
const words = (within: ParentNode | null | undefined) =>
  [...(within?.querySelectorAll(".bubble") ?? [])].map((b) => b.querySelector("p")?.textContent);
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
};

const flow = (more: Partial<ConversationView> = {}) =>
  conversation({
    id: "cnv_f",
    kind: "flow",
    dialogue_id: "flw_1",
    name: "Colours",
    messages: [said(1, "Which colour?", { kind: "question", card_id: "q" })],
    ...more,
  });
const started = (more: Partial<Started> = {}): Started => ({
  visitor_token: null,
  how: "recorded",
  state: null,
  conversation: flow(),
  widget: config,
  ...more,
});
const begin = async (of: Partial<Started> = {}, how: Partial<Beginning> = {}) => {
  const again = vi.fn(async () => ({ status: 200, body: started(), retryAfter: 0 }));
  view.begin({ started: started(of), again, target: null, byHand: true, ...how });
  await pass(0);
  return again;
};

beforeEach(() => {
  vi.useFakeTimers();
  server = fakeCore();
  server.on(({ path, body }) => {
    if (path === "shown") return { body: { conversation: conversation() } };
    if (path === "conversations/cnv_f/input") {
      const answer = said(2, "Red", { from: "visitor", client_id: body.client_id as string });
      return { body: flow({ state: "engaged", messages: [...flow().messages, answer, said(3, "Sure?")] }) };
    }
    return { status: 204 };
  });
  view = mount(server.core);
});
afterEach(() => {
  view.reset();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("a flow", () => {
  it("opens at once on a page that shows nothing else, and says so", async () => {
    await begin();
    expect(find("[role=dialog]")?.className).toBe("panel");
    expect(words(find(".log"))).toEqual(["Which colour?"]);
    expect(server.events).toEqual([{ name: "conversation_triggered", sid: "cnv_f" }]);
  });

  it("goes with the visitor who closes it without an answer", async () => {
    await begin();
    find(".anchor")?.click();
    await pass(0);
    expect(root()).toBeUndefined();
    expect(server.events.at(-1)?.name).toBe("conversation_closed");
  });

  it("stays at hand when it was answered and is not finished", async () => {
    await begin();
    find(".responses button")?.click();
    await pass(2000);
    find(".anchor")?.click();
    await pass(0);
    expect(find("[role=dialog]")).toBeNull();
    expect(find(".anchor")).not.toBeNull();
    find(".anchor")?.click();
    await pass(0);
    expect(words(find(".log"))).toEqual(["Which colour?", "Red", "Sure?"]);
  });

  it("that is started again while it is under way goes on where it stood", async () => {
    await begin();
    find(".responses button")?.click();
    await pass(2000);
    await begin({ conversation: flow({ state: "engaged" }) });
    expect(root()?.querySelectorAll(".panel")).toHaveLength(1);
    expect(find("select.switch")).toBeNull();
    expect(server.events.filter((e) => e.name === "conversation_triggered")).toHaveLength(1);
  });

  it("tells whoever waits for its end, once", async () => {
    const over = vi.fn();
    await begin({}, { over });
    find(".anchor")?.click();
    await pass(0);
    expect(over).toHaveBeenCalledOnce();
  });
});

describe("several conversations", () => {
  it("can be turned to, each as it was left", async () => {
    view.update(page(dialogue()), true);
    await pass(1000);
    await begin();
    const options = [...(root()?.querySelectorAll("option") ?? [])].map((o) => o.textContent);
    expect(options).toEqual(["Hello", "Which colour?"]);
    const choose = find("select.switch") as HTMLSelectElement;
    expect(choose.value).toBe("1");
    choose.value = "0";
    choose.dispatchEvent(new Event("change"));
    await pass(1500);
    expect(words(find(".log"))).toEqual(["Hello", "Ready?"]);
    expect(find("[role=dialog]")).not.toBeNull();
    expect(server.events.map((e) => e.name)).not.toContain("conversation_closed");
  });

  it("give the page's dialogue its place back when the flow is closed", async () => {
    view.update(page(dialogue()), true);
    await pass(1000);
    await begin();
    find(".anchor")?.click();
    await pass(0);
    expect(find(".anchor")?.className).toContain("unread");
    find(".anchor")?.click();
    await pass(1500);
    expect(words(find(".log"))).toEqual(["Hello", "Ready?"]);
  });

  it("leave an open flow alone when the next page has a dialogue", async () => {
    await begin();
    view.update(page(dialogue()), true);
    await pass(1000);
    expect(words(find(".log"))).toEqual(["Which colour?"]);
    expect(find(".poke")).toBeNull();
  });
});

describe("a popup", () => {
  it("lies over the page, takes the focus and gives it back", async () => {
    const link = document.body.appendChild(document.createElement("button"));
    link.focus();
    await begin({ conversation: flow({ ui: "popup" }) });
    const panel = find(".panel.popup");
    expect(panel?.getAttribute("aria-modal")).toBe("true");
    expect(root()?.activeElement).toBe(panel);
    expect(find(".veil")).not.toBeNull();
    expect(find(".anchor")?.hidden).toBe(true);
    panel?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await pass(0);
    expect(root()).toBeUndefined();
    expect(document.activeElement).toBe(link);
  });

  it("is left by a click beside it", async () => {
    await begin({ conversation: flow({ ui: "popup" }) });
    find(".veil")?.click();
    await pass(0);
    expect(root()).toBeUndefined();
  });

  it("does not cover the next page when it was open on the last", async () => {
    server.storage.set("open", JSON.stringify(["cnv_f", "/elsewhere"]));
    const view1 = flow({ ui: "popup", state: "engaged" });
    view.update(page({ kind: "continue", conversation: view1 }), true);
    await pass(0);
    expect(find(".anchor")).not.toBeNull();
    expect(find("[role=dialog]")).toBeNull();
  });
});

describe("inside an element of the page", () => {
  const place = () => document.body.appendChild(document.createElement("div"));
  const inline = (target: Element) => target.querySelector("usher-inline")?.shadowRoot;

  it("a flow is a part of the page: open, without a bubble, without taking the focus", async () => {
    const target = place();
    await begin({ conversation: flow({ ui: "inline" }) }, { target, byHand: false });
    const panel = inline(target)?.querySelector(".panel.inline");
    expect(panel?.tagName).toBe("SECTION");
    expect(panel?.getAttribute("role")).toBe("region");
    expect(panel?.querySelector(`[aria-label="Close chat"]`)).toBeNull();
    expect(words(panel)).toEqual(["Which colour?"]);
    expect(root()).toBeUndefined();
    expect(document.activeElement).toBe(document.body);
  });

  it("its answers are sent like all others", async () => {
    const target = place();
    await begin({ conversation: flow({ ui: "inline" }) }, { target });
    inline(target)?.querySelector<HTMLElement>(".responses button")?.click();
    await pass(2000);
    expect(server.paths()).toEqual(["conversations/cnv_f/input"]);
    expect(words(inline(target))).toEqual(["Which colour?", "Red", "Sure?"]);
  });

  it("a conversation under way moves there from the corner", async () => {
    const view1 = flow({ ui: "inline", state: "engaged" });
    view.update(page({ kind: "continue", conversation: view1 }), true);
    await pass(0);
    expect(find(".anchor")).not.toBeNull();
    const target = place();
    await begin({ conversation: view1 }, { target });
    expect(root()).toBeUndefined();
    expect(words(inline(target))).toEqual(["Which colour?"]);
    view.update(page({ kind: "continue", conversation: view1 }), true);
    await pass(0);
    expect(root()).toBeUndefined();
  });

  it("ends with its element", async () => {
    const target = place();
    await begin({ conversation: flow({ ui: "inline" }) }, { target });
    target.remove();
    view.update(page(null), false);
    await pass(0);
    const next = place();
    await begin({ conversation: flow({ ui: "inline", id: "cnv_g" }) }, { target: next });
    expect(words(inline(next))).toEqual(["Which colour?"]);
  });
});

describe("a draft behind a preview link", () => {
  const preview = page({
    kind: "preview",
    dialogue_id: "dlg_1",
    name: "Welcome",
    state: "sealed-0",
    conversation: conversation({ id: null }),
  });

  it("says what it is, and is not counted", async () => {
    view.update(preview, true);
    await pass(1000);
    find(".anchor")?.click();
    await pass(1500);
    expect(find(".mark")?.textContent).toBe("Preview: nothing is recorded");
    expect(words(find(".log"))).toEqual(["Hello", "Ready?"]);
    expect(server.paths()).toEqual([]);
    server.on(() => ({ body: { state: "sealed-1", conversation: conversation({ id: null }) } }));
    find(".responses button")?.click();
    await pass(0);
    expect(server.paths()).toEqual(["unrecorded"]);
  });
});
