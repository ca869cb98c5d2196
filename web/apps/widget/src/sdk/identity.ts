import type { Core } from "../loader/core.ts";
import { address, complain } from "./page.ts";

/** The page view waits for the answer, but not for ever. */
const PATIENCE_MS = 3000;

type Identified = { visitor_token: string | null; identified: boolean };

/** `usher.identify`: hands the site's signed word about the visitor to the server, as soon as something may be stored. */
export const createIdentity = (core: Core): ((token: string) => Promise<void>) => {
  let token = "";

  /** True when the visitor goes on as somebody else. */
  const tell = async (): Promise<boolean> => {
    // Before consent nothing about the visitor leaves the page.
    core.allowed = tell;
    if (core.silent()) return false;
    const { granted, clicked } = core.consent();
    const reply = await core.call<Identified>("identify", { token, url: address(), granted, clicked });
    if (reply.status !== 200) complain("identify", reply);
    if (reply.status >= 500 || reply.status === 0 || reply.body?.identified === false) return false;
    core.allowed = undefined;
    core.accept(reply.body?.visitor_token ?? null);
    return !!reply.body?.visitor_token;
  };

  return (said) => {
    token = said;
    const before = core.pageView();
    const told = tell().then((another) => {
      // What was decided for the visitor of before may not hold for this one.
      if (another && before && before === core.pageView()) core.again();
    });
    return Promise.race([told, new Promise<void>((settle) => setTimeout(settle, PATIENCE_MS))]);
  };
};
