import type { Core } from "../loader/core.ts";
import type { ConversationView } from "../protocol.ts";
import { small } from "./screen.ts";
import type { Talk } from "./talk.ts";

const OPEN = "open";

/** Remembers across pages, where storing is allowed, which conversation was open. */
export const createMemory = (core: Core) => {
  let kept: string | null | undefined;
  return {
    keep(talk: Talk | undefined) {
      const id = talk?.isOpen() ? talk.about().id : null;
      const note = id ? JSON.stringify([id, location.pathname]) : null;
      if (note !== kept) core.write(OPEN, note);
      kept = note;
    },
    wasOpen({ id, ui }: ConversationView): boolean {
      try {
        const [openId, path] = JSON.parse(core.read(OPEN) ?? "[]");
        // What covers the page comes back after a reload only: otherwise the visitor has asked for this page.
        return openId === id && (path === location.pathname || (ui !== "popup" && !small()));
      } catch {
        return false;
      }
    },
  };
};
