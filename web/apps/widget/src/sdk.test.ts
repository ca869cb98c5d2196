import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import type { Beginning, View } from "./loader/core.ts";
import type { Started } from "./protocol.ts";
import { type Extras, extras } from "./sdk.ts";
import { config, conversation, fakeCore } from "./testing/server.ts";

let server: ReturnType<typeof fakeCore>;
let sdk: Extras;
let begun: Beginning[];
let listened: MockInstance<typeof document.addEventListener>;
const started: Started = {
  visitor_token: "tok",
  how: "recorded",
  state: null,
  conversation: conversation({ kind: "flow" }),
  widget: config,
};
const body = (html: string) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  document.body.replaceChildren(...parsed.body.childNodes);
};

beforeEach(() => {
  listened = vi.spyOn(document, "addEventListener");
  vi.useFakeTimers();
  server = fakeCore();
  begun = [];
  const view = { begin: (flow: Beginning) => begun.push(flow) } as unknown as View;
  server.core.withView = (run) => run(view);
  server.on(({ path }) =>
    path === "forms" ? { body: { visitor_token: "tok", started } } : { body: started },
  );
  sdk = extras(server.core);
});
afterEach(() => {
  for (const [type, run, capture] of listened.mock.calls) document.removeEventListener(type, run, capture);
  document.body.replaceChildren();
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("starting flows", () => {
  it("asks the server, keeps the token and brings the flow to the screen", async () => {
    sdk.startFlow("flw_1", { ui: "popup", context: { plan: "Pro" } });
    await settle();
    expect(server.calls[0]).toMatchObject({
      path: "flows/start",
      body: { flow_id: "flw_1", ui: "popup", context: { plan: "Pro" }, clicked: false },
    });
    expect(server.storage.get("token")).toBe("tok");
    expect(begun).toMatchObject([{ started, target: null, byHand: false }]);
  });

  it("starts the very same one again when it waits for a click", async () => {
    sdk.startFlow("flw_1");
    await settle();
    await begun[0]?.again();
    expect(server.calls[1]?.body.start_id).toBe(server.calls[0]?.body.start_id);
  });

  it("tells the developer what is wrong", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    server.on(() => ({ status: 404, body: { detail: "There is no such flow." } }));
    sdk.startFlow("nope");
    sdk.startFlow("flw_1", { ui: "inline", target: "#nowhere" });
    await settle();
    expect(warn.mock.calls.map(([text]) => text).sort()).toEqual([
      "usher: startFlow: There is no such flow.",
      "usher: startFlow: inline needs a target on the page",
    ]);
    expect(begun).toEqual([]);
  });

  it("takes a click on a declared link as the visitor's doing", async () => {
    body(`<a href="/contact" data-usher-flow="flw_1" data-usher-ui="popup">Talk</a>`);
    const clicked = vi.spyOn(server.core, "clicked");
    sdk.click(document.querySelector("a") as HTMLElement);
    await settle();
    expect(clicked).toHaveBeenCalled();
    expect(server.calls[0]?.body).toMatchObject({ flow_id: "flw_1", ui: "popup" });
    expect(begun[0]?.byHand).toBe(true);
  });

  it("fills every declared element once, also those that come later", async () => {
    body(`<div id="a" data-usher-flow="flw_1"></div><button data-usher-flow="flw_2">Click</button>`);
    sdk.scan();
    sdk.scan();
    document.body.append(Object.assign(document.createElement("div"), { id: "b" }));
    (document.querySelector("#b") as HTMLElement).dataset.usherFlow = "flw_3";
    sdk.scan();
    await settle();
    expect(server.calls.map((c) => [c.body.flow_id, c.body.ui])).toEqual([
      ["flw_1", "inline"],
      ["flw_3", "inline"],
    ]);
    expect(begun.map((b) => b.target?.id)).toEqual(["a", "b"]);
  });
});

describe("identify", () => {
  it("hands the signed token over and keeps the visitor's new one", async () => {
    server.on(() => ({ body: { visitor_token: "proven", identified: true } }));
    await sdk.identify("jwt");
    expect(server.calls[0]).toMatchObject({ path: "identify", body: { token: "jwt", clicked: false } });
    expect(server.storage.get("token")).toBe("proven");
    expect(server.core.asked).toBe(1);
  });

  it("has the page decided again only when the visitor is somebody else now", async () => {
    server.on(() => ({ body: { visitor_token: null, identified: true } }));
    await sdk.identify("jwt");
    expect(server.core.asked).toBe(0);
  });

  it("waits until something may be stored", async () => {
    server.on(() => ({ body: { visitor_token: null, identified: false } }));
    await sdk.identify("jwt");
    server.on(() => ({ body: { visitor_token: "proven", identified: true } }));
    server.core.allowed?.();
    await settle();
    expect(server.paths()).toEqual(["identify", "identify"]);
    expect(server.core.allowed).toBeUndefined();
  });

  it("sends nothing before consent, and then does", async () => {
    let silent = true;
    server.core.silent = () => silent;
    await sdk.identify("jwt");
    expect(server.calls).toEqual([]);
    silent = false;
    server.on(() => ({ body: { visitor_token: "proven", identified: true } }));
    server.core.allowed?.();
    await settle();
    expect(server.paths()).toEqual(["identify"]);
  });

  it("does not keep the page waiting for ever", async () => {
    server.core.call = () => new Promise(() => {});
    const done = vi.fn();
    sdk.identify("jwt").then(done);
    await vi.advanceTimersByTimeAsync(3000);
    expect(done).toHaveBeenCalled();
  });
});

describe("forms", () => {
  const form = () => document.querySelector("form") as HTMLFormElement;
  let posted: number;
  const submit = async () => {
    form().requestSubmit();
    await settle();
  };
  beforeEach(() => {
    posted = 0;
    body(`<form name="demo"><input name="email" value="ada@example.com"><input name="interest" value="a" type="checkbox" checked>
      <input name="interest" value="b" type="checkbox" checked><input type="password" name="secret" value="s">
      <input name="card" autocomplete="cc-number" value="4111"><input name="own" data-usher-ignore value="x"></form>`);
    form().addEventListener("submit", (event) => {
      event.preventDefault();
      posted++;
    });
  });

  it("hands over what was filled in, and lets the page go on when the flow is over", async () => {
    sdk.attachForm(form(), { flow: "flw_1", ui: "popup", map: { email: "person.email" } });
    await submit();
    expect(server.calls[0]).toMatchObject({
      path: "forms",
      body: {
        form: "demo",
        values: { email: "ada@example.com", interest: "a, b" },
        map: { email: "person.email" },
        choices: [],
        else: { flow_id: "flw_1", ui: "popup" },
      },
    });
    expect(Object.keys(server.calls[0]?.body.values as object)).toEqual(["email", "interest"]);
    expect(posted).toBe(0);
    expect(begun).toHaveLength(1);
    begun[0]?.over?.();
    await settle();
    expect(posted).toBe(1);
    expect(server.paths()).toEqual(["forms"]);
  });

  it("takes the page's own submission away only when it is told to", async () => {
    sdk.attachForm("form[name=demo]", { flow: "flw_1", followUp: "instead" });
    await submit();
    begun[0]?.over?.();
    await settle();
    expect(posted).toBe(0);
    await submit();
    expect(server.paths()).toEqual(["forms", "forms"]);
  });

  it("sends choices with their criteria, in order", async () => {
    sdk.attachForm(form(), {
      choices: [
        { criteria: { any: [{ field: "email", op: "contains", values: ["@example."] }] }, flow: "flw_1" },
        {
          criteria: { all: [{ member_of: "sml_1", op: "is_member" }] },
          flow: "flw_2",
          ui: "popup",
        },
      ],
      else: "flw_3",
    });
    await submit();
    expect(server.calls[0]?.body).toMatchObject({
      choices: [
        {
          mode: "any",
          conditions: [{ field: "email", op: "contains", values: ["@example."] }],
          follow: { flow_id: "flw_1" },
        },
        {
          mode: "all",
          conditions: [{ member_of: "sml_1", op: "is_member" }],
          follow: { flow_id: "flw_2", ui: "popup" },
        },
      ],
      else: { flow_id: "flw_3" },
    });
  });

  it.each([
    ["no choice fits", () => ({ body: { visitor_token: null, started: null } })],
    ["the server refuses", () => ({ status: 422, body: { detail: "no" } })],
    ["the server is away", () => ({ status: 0 })],
  ])("does not stand in the page's way when %s", async (_, answer) => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    server.on(answer);
    sdk.attachForm(form(), { flow: "flw_1" });
    await submit();
    expect(posted).toBe(1);
    expect(begun).toEqual([]);
  });

  it("nor when the server is slow", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    server.core.call = () => new Promise(() => {});
    sdk.attachForm(form(), { flow: "flw_1" });
    await submit();
    expect(posted).toBe(0);
    await vi.advanceTimersByTimeAsync(4000);
    expect(posted).toBe(1);
  });

  it("sends no value before consent; a flow without conditions works all the same", async () => {
    server.core.silent = () => true;
    sdk.attachForm(form(), { flow: "flw_1" });
    await submit();
    expect(server.paths()).toEqual(["flows/start"]);
    expect(JSON.stringify(server.calls)).not.toContain("ada@example.com");
  });

  it("leaves other forms alone", async () => {
    sdk.attachForm("form.other", { flow: "flw_1" });
    await submit();
    expect(posted).toBe(1);
    expect(server.calls).toEqual([]);
  });
});
