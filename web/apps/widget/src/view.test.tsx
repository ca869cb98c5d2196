import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { View } from "./loader/core.ts";
import { config, conversation, dialogue, fakeCore, page, question, said } from "./testing/server.ts";
import { mount } from "./view.tsx";

let server: ReturnType<typeof fakeCore>;
let view: View;
const root = () => document.querySelector("usher-widget")?.shadowRoot;
const find = (selector: string) => root()?.querySelector<HTMLElement>(selector) ?? null;
const click = (selector: string) => find(selector)?.click();
/** Lets timers, what is fetched and what is drawn have their turn. */
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
};
const paths = () => server.calls.map((c) => c.path);

beforeEach(() => {
  vi.useFakeTimers();
  server = fakeCore();
  server.on(({ path }) => {
    if (path === "shown") return { body: { conversation: conversation() } };
    if (path === "conversations") return { body: { visitor_token: "tok", conversation: conversation() } };
    if (path.endsWith("/close")) return { status: 204 };
    return { status: 0 };
  });
  view = mount(server.core);
});
afterEach(() => {
  view.reset();
  vi.useRealTimers();
});

describe("a dialogue is shown", () => {
  it("as a bubble at once and the first card's words a moment later, counted when they are there", async () => {
    view.update(page(dialogue()), true);
    expect(find(".anchor")?.getAttribute("aria-label")).toBe("Open chat with Robin");
    expect(find(".anchor")?.className).toContain("unread");
    expect(find(".poke")).toBeNull();
    expect(paths()).toEqual([]);
    await pass(60);
    expect(find(".poke-words")?.textContent).toBe("Hello");
    expect(server.calls).toMatchObject([
      { path: "shown", body: { page_view_id: "page-view", dialogue_id: "dlg_1" } },
    ]);
    expect(server.events).toEqual([{ name: "conversation_triggered", sid: "cnv_1" }]);
  });

  it("again without a second event when it had been triggered before", async () => {
    view.update(page(dialogue({ conversation: conversation() })), true);
    await pass(1000);
    expect(paths()).toEqual(["shown"]);
    expect(server.events).toEqual([]);
  });

  it("on the next page of a single-page app without a second event, its words staying where they are", async () => {
    view.update(page(dialogue()), true);
    await pass(1000);
    const poke = find(".poke");
    view.update(page(dialogue()), true);
    expect(find(".poke")).toBe(poke);
    await pass(1000);
    expect(server.events.map((e) => e.name)).toEqual(["conversation_triggered"]);
  });

  it("without words when the visitor had dismissed it, or the site wants none", async () => {
    view.update(page(dialogue({ dismissed: true })), true);
    await pass(60);
    expect(find(".anchor")).not.toBeNull();
    expect(find(".poke")).toBeNull();
    view.update({ ...page(dialogue({ dialogue_id: "dlg_2" })), widget: { ...config, poke: false } }, true);
    await pass(60);
    expect(find(".poke")).toBeNull();
  });

  it("not before its event, and no longer when nothing is resolved", () => {
    view.update(page(dialogue()), false);
    expect(root()).toBeUndefined();
    view.update(page(dialogue()), true);
    expect(root()).toBeDefined();
    view.update(page(null), false);
    expect(root()).toBeUndefined();
  });

  it("and not counted when the visitor has been forgotten meanwhile", async () => {
    view.update(page(dialogue()), true);
    view.reset();
    await pass(1000);
    expect(paths()).toEqual([]);
    expect(root()).toBeUndefined();
  });

  it("in the language of the site", async () => {
    view.update({ ...page(dialogue()), widget: { ...config, language: "de" } }, true);
    await pass(1000);
    await pass(0);
    expect(find(".anchor")?.getAttribute("aria-label")).toBe("Chat mit Robin öffnen");
    expect(find(".root")?.lang).toBe("de");
  });
});

describe("the visitor", () => {
  it("opens by the bubble and closes by it, and the focus comes back", async () => {
    view.update(page(dialogue()), true);
    click(".anchor");
    expect(find(".anchor")?.getAttribute("aria-expanded")).toBe("true");
    await pass(0);
    expect(find("[role=dialog]")?.getAttribute("aria-label")).toBe("Robin: chat");
    expect(paths()).toContain("conversations");
    expect(find(".anchor")?.className).not.toContain("unread");
    click(".anchor");
    await pass(0);
    expect(find("[role=dialog]")).toBeNull();
    expect(root()?.activeElement).toBe(find(".anchor"));
    expect(server.events.at(-1)?.name).toBe("conversation_closed");
  });

  it("opens by the words", async () => {
    view.update(page(dialogue()), true);
    await pass(60);
    click(".poke-text");
    await pass(0);
    expect(find("[role=dialog]")).not.toBeNull();
    expect(find(".poke")).toBeNull();
  });

  it("waves the words away, which the server is told", async () => {
    view.update(page(dialogue()), true);
    await pass(60);
    click(".poke-close");
    expect(find(".poke")).toBeNull();
    await pass(0);
    expect(paths()).toEqual(["shown", "conversations/cnv_1/close"]);
    expect(find("[role=dialog]")).toBeNull();
  });

  it("reads the end in peace, and sees what comes next after closing", async () => {
    const end = conversation({
      state: "completed",
      waiting: null,
      messages: [said(1, "Hello"), said(2, "Bye", { from: "bot" })],
    });
    view.update(page({ kind: "continue", conversation: conversation({ state: "engaged" }) }), true);
    await pass(0);
    click(".anchor");
    await pass(1000);
    server.on(() => ({ body: end }));
    click(".responses button");
    await pass(3000);
    expect(find(".end")?.textContent).toContain("ended");
    view.update(page(dialogue({ dialogue_id: "dlg_2", poke: "Next" })), true);
    await pass(100);
    expect(find(".end")).not.toBeNull();
    click(".anchor");
    await pass(100);
    expect(find(".poke-words")?.textContent).toBe("Next");
  });
});

describe("a conversation under way", () => {
  const engaged = page({
    kind: "continue",
    conversation: conversation({ state: "engaged", waiting: question }),
  });

  it("is there closed, without words and without a mark", async () => {
    view.update(engaged, true);
    await pass(1000);
    expect(find(".anchor")).not.toBeNull();
    expect(find(".anchor")?.className).not.toContain("unread");
    expect(find(".poke") ?? find("[role=dialog]")).toBeNull();
    expect(server.events).toEqual([]);
  });

  it("is open when it was open on the page before", async () => {
    server.storage.set("open", JSON.stringify(["cnv_1", "/elsewhere"]));
    view.update(engaged, true);
    await pass(0);
    expect(find("[role=dialog]")).not.toBeNull();
    expect(document.activeElement).toBe(document.body);
  });
});

describe("the page", () => {
  it("opens and closes without taking the focus", async () => {
    view.update(page(dialogue()), true);
    view.open("page");
    await pass(0);
    expect(find("[role=dialog]")).not.toBeNull();
    expect(document.activeElement).toBe(document.body);
    view.close();
    await pass(0);
    expect(find("[role=dialog]")).toBeNull();
    expect(document.activeElement).toBe(document.body);
  });
});
