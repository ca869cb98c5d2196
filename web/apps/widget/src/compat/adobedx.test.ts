import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { boot } from "../loader/boot.ts";
import { emit } from "../loader/events.ts";
import { install } from "./adobedx.ts";

type Dx = {
  addListener(name: string, run: (event: { data: { payload: Record<string, unknown> } }) => void): void;
  removeListener(name: string, run: unknown): void;
  Enum: { Events: Record<string, string> };
};
const dx = () => (window as unknown as { AdobeDX: Dx }).AdobeDX;
const start = () => {
  const script = document.createElement("script");
  Object.defineProperty(script, "src", { value: "https://usher.example/widget/v1.js" });
  script.dataset.site = "KEY";
  script.dataset.consent = "required";
  boot(script);
};

beforeEach(() => {
  const define = Object.defineProperty;
  vi.spyOn(Object, "defineProperty").mockImplementation((target, name, descriptor) =>
    define(target, name, name === "usher" ? { ...descriptor, configurable: true } : descriptor),
  );
});
let listened: MockInstance<typeof document.addEventListener>;
beforeEach(() => {
  listened = vi.spyOn(document, "addEventListener");
});
afterEach(() => {
  for (const [type, run] of listened.mock.calls) document.removeEventListener(type, run);
  delete (window as { usher?: unknown }).usher;
  delete (window as { AdobeDX?: unknown }).AdobeDX;
});

describe.each([
  ["before the script", [install, start]],
  ["after the script", [start, install]],
])("loaded %s", (_, steps) => {
  it("says when it is ready, and calls the listeners that a site has", () => {
    const heard = vi.fn();
    const ready = vi.fn(() => {
      const { addListener, Enum } = dx();
      addListener(Enum.Events.CONVERSATION_ENGAGED as string, heard);
    });
    window.addEventListener("adobedx.conversations.ready", ready, { once: true });
    for (const step of steps) step();
    expect(ready).toHaveBeenCalledOnce();
    const payload = {
      name: "Welcome",
      id: "dlg_1",
      type: "dialogue",
      uiType: "chatbot",
      sid: "cnv_1",
    } as const;
    emit("conversation_engaged", payload);
    expect(heard.mock.lastCall?.[0].data.payload).toMatchObject(payload);
    dx().removeListener("CONVERSATION_ENGAGED", heard);
    emit("conversation_engaged", payload);
    expect(heard).toHaveBeenCalledOnce();
  });
});

it("gives the agent's id under the name that the callbacks know", () => {
  install();
  start();
  const heard = vi.fn();
  dx().addListener(dx().Enum.Events.CONVERSATION_MEETING_BOOKED as string, heard);
  emit("meeting_booked", { agentId: "usr_1", agentName: "Kim" });
  expect(heard.mock.lastCall?.[0].data.payload).toMatchObject({ agentID: "usr_1", agentName: "Kim" });
});

it("has every event of the interface", () => {
  install();
  expect(Object.keys(dx().Enum.Events)).toHaveLength(11);
});
