import type { Beginning, Core } from "../loader/core.ts";
import type { Interface, Started } from "../protocol.ts";
import { address, complain, elementOf } from "./page.ts";

export type FlowOptions = {
  ui?: Interface | undefined;
  /** Where the flow is shown when `ui` is `inline`: an element or its selector. */
  target?: Element | string | undefined;
  /** What the page hands over, for `{{context.name}}` in the flow's texts. */
  context?: Record<string, string>;
};

/** What is known of a start apart from the server's answer. */
type Circumstances = Pick<Beginning, "again" | "target" | "byHand" | "over">;

export type Flows = {
  /** `byHand`: the visitor clicked on what the page declared. */
  start(id: string, options: FlowOptions, byHand: boolean, over?: () => void): Promise<void>;
  /** Brings a flow to the screen that the server has started. */
  show(started: Started, how: Circumstances): void;
};

export const createFlows = (core: Core): Flows => {
  const show: Flows["show"] = (started, how) => {
    core.accept(started.visitor_token);
    core.withView((view) => view.begin({ started, ...how }));
  };
  return {
    show,
    async start(flow_id, { ui, target, context = {} }, byHand, over) {
      const element = elementOf(target);
      if (ui === "inline" && !element) {
        console.warn("usher: startFlow: inline needs a target on the page");
        return;
      }
      if (byHand) core.clicked();
      const start = { start_id: core.uuid(), flow_id, url: address(), ui, context };
      const ask = () => core.call<Started>("flows/start", { ...start, ...core.consent() });
      const reply = await ask();
      if (reply.status !== 200) complain("startFlow", reply);
      else show(reply.body, { again: ask, target: element, byHand, over });
    },
  };
};
