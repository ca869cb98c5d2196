import type { Core, Reply } from "../loader/core.ts";
import type { Interface, Started } from "../protocol.ts";
import type { Flows } from "./flows.ts";
import { address, complain } from "./page.ts";

/** How long a page's own submission waits for the server's word. */
const PATIENCE_MS = 4000;

/** A condition on a field, or on the person's membership of a list. */
export type FormCondition =
  | { field: string; op: string; values?: (string | number | boolean)[]; unit?: string }
  | { member_of: string; op: string };
export type FormChoice = {
  criteria: { all: FormCondition[] } | { any: FormCondition[] };
  flow: string;
  ui?: Interface;
};
type Follow = { flow: string; ui?: Interface };
export type FormOptions = {
  /** The flow that is started, and how it appears. */
  flow?: string;
  ui?: Interface;
  /** Or: the first choice whose criteria hold, up to ten. */
  choices?: FormChoice[];
  /** When none holds. */
  else?: Follow | string;
  /** Which attribute a field fills, by the field's name; others are recognised by their names. */
  map?: Record<string, string>;
  /** What the form is called in the activity log. */
  name?: string;
  /** What becomes of the page's own submission when a flow starts: it waits for the flow's end, or is left out. */
  followUp?: "after" | "instead";
};
type Taken = { visitor_token: string | null; started: Started | null };

/** `usher.attachForm`: the values of a form become attributes and a flow begins, before or instead of what the page does. */
export const createForms = (core: Core, flows: Flows) => (wanted: Element | string, options: FormOptions) => {
  /** Forms that Usher is done with: their next submission is the page's own. */
  const passing = new WeakSet<HTMLFormElement>();
  const busy = new WeakSet<HTMLFormElement>();
  const isMeant = (form: HTMLFormElement) =>
    typeof wanted === "string" ? form.matches(wanted) : form === wanted;

  // On the document and first of all: forms may come later, and the page's own listeners have to wait.
  document.addEventListener("submit", onSubmit, true);

  function onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!isMeant(form)) return;
    if (passing.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (busy.has(form)) return;
    busy.add(form);
    hand(form, () => {
      busy.delete(form);
      passing.add(form);
      submit(form, event.submitter);
    });
  }

  /** Hands the form over; `goOn` lets the page's own submission take place. */
  async function hand(form: HTMLFormElement, goOn: () => void): Promise<void> {
    const over = options.followUp === "instead" ? () => void busy.delete(form) : goOn;
    const { flow, ui } = options;
    if (core.silent()) {
      // Before consent no value leaves the page. A flow that depends on none works unrecorded.
      if (!flow) return goOn();
      return flows.start(flow, { ui }, true, over);
    }
    core.clicked();
    const start_id = core.uuid();
    const reply = await Promise.race([
      core.call<Taken>("forms", { start_id, ...bodyOf(form, options), ...stated(core) }),
      late(),
    ]);
    if (reply.status !== 200) {
      complain("attachForm", reply);
      return goOn();
    }
    core.accept(reply.body.visitor_token);
    const { started } = reply.body;
    if (!started) return goOn();
    const again = async () => ({ status: 200, body: started, retryAfter: 0 });
    flows.show(started, { again, target: null, byHand: true, over });
  }
};

const stated = (core: Core) => {
  const { granted, consent_mode } = core.consent();
  return { granted, consent_mode };
};

const bodyOf = (form: HTMLFormElement, { choices = [], map, name, flow, ui, ...more }: FormOptions) => {
  const otherwise = more.else ?? (flow && { flow, ui });
  return {
    url: address(),
    form: name ?? form.getAttribute("name") ?? form.id,
    values: valuesOf(form),
    map,
    choices: choices.map(({ criteria, flow, ui }) => ({
      mode: "all" in criteria ? "all" : "any",
      conditions: "all" in criteria ? criteria.all : criteria.any,
      follow: { flow_id: flow, ui },
    })),
    else: followOf(otherwise),
  };
};
const followOf = (follow: Follow | string | undefined) => {
  if (!follow) return undefined;
  return typeof follow === "string" ? { flow_id: follow } : { flow_id: follow.flow, ui: follow.ui };
};

/** What was filled in. Passwords and files never leave the page, nor what the page marks by `data-usher-ignore`. */
const valuesOf = (form: HTMLFormElement): Record<string, string> => {
  const secret = new Set(
    [
      ...form.querySelectorAll<HTMLInputElement>("[type=password],[data-usher-ignore],[autocomplete^=cc-]"),
    ].map((field) => field.name),
  );
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || !name || secret.has(name)) continue;
    values[name] = values[name] === undefined ? value : `${values[name]}, ${value}`;
  }
  return values;
};

const submit = (form: HTMLFormElement, submitter: HTMLElement | null): void => {
  try {
    form.requestSubmit(submitter);
  } catch {
    // The button is gone by now.
    form.requestSubmit();
  }
};

const late = () =>
  new Promise<Reply<Taken>>((settle) =>
    setTimeout(() => settle({ status: 0, body: null as never, retryAfter: 0 }), PATIENCE_MS),
  );
