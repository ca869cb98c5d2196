/**
 * What a page can do with Usher beyond the everyday: start flows, hand over forms, say who the visitor is. Fetched by
 * the loader when a page does one of it.
 */
import type { Core } from "./loader/core.ts";
import type { Interface } from "./protocol.ts";
import { createFlows, type FlowOptions } from "./sdk/flows.ts";
import { createForms, type FormOptions } from "./sdk/forms.ts";
import { createIdentity } from "./sdk/identity.ts";

export type Extras = {
  startFlow(id: string, options?: FlowOptions): void;
  attachForm(form: Element | string, options: FormOptions): void;
  identify(token: string): Promise<void>;
  /** A declared link or button was clicked. */
  click(element: HTMLElement): void;
  /** Elements in which a flow is declared may have come. */
  scan(): void;
};

const known = new WeakMap<Core, Extras>();

export const extras = (core: Core): Extras => {
  const made = known.get(core) ?? create(core);
  known.set(core, made);
  return made;
};

const create = (core: Core): Extras => {
  const flows = createFlows(core);
  const seen = new WeakSet<Element>();
  return {
    startFlow: (id, options = {}) => flows.start(id, options, false),
    attachForm: createForms(core, flows),
    identify: createIdentity(core),
    click({ dataset: { usherFlow = "", usherUi, usherTarget } }) {
      flows.start(usherFlow, { ui: usherUi as Interface, target: usherTarget }, true);
    },
    scan() {
      for (const target of document.querySelectorAll<HTMLElement>("[data-usher-flow]:not(a,button)")) {
        if (!seen.has(target)) flows.start(target.dataset.usherFlow ?? "", { ui: "inline", target }, false);
        seen.add(target);
      }
    },
  };
};
