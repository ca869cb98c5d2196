import { useQuery } from "@tanstack/react-query";
import type { CannedResponse } from "@usher/api";
import { type KeyboardEvent, useId, useState } from "react";
import { chatCannedQuery, matching, typedShortcut } from "#lib/library/canned.ts";

/** How many are offered at a time. */
const MOST = 8;

export interface Canned {
  /** Of the list that is offered; the options' ids begin with it. */
  id: string;
  found: readonly CannedResponse[];
  /** Which of them Enter takes. */
  at: number;
  take: (response: CannedResponse) => void;
  /** True when the key was one of the list's. */
  key: (event: KeyboardEvent) => boolean;
}

/** What a slash at the beginning of the words offers: the canned responses of this chat, by shortcut and text. */
export function useCanned(chat: string, text: string, put: (text: string) => void): Canned {
  const typed = typedShortcut(text);
  const id = useId();
  const [picked, setPicked] = useState({ typed, at: 0 });
  const [closed, setClosed] = useState<string | null>(null);
  const responses = useQuery({ ...chatCannedQuery(chat), enabled: typed !== null });
  const open = typed !== null && closed !== text;
  const found = open ? matching(responses.data ?? [], typed).slice(0, MOST) : [];
  const at = picked.typed === typed ? Math.min(picked.at, Math.max(found.length - 1, 0)) : 0;
  const take = (response: CannedResponse) => put(response.text);
  const key = (event: KeyboardEvent) => {
    const chosen = found[at];
    if (!chosen) return false;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setPicked({ typed, at: (at + step + found.length) % found.length });
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) take(chosen);
    else if (event.key === "Escape") setClosed(text);
    else return false;
    event.preventDefault();
    return true;
  };
  return { id, found, at, take, key };
}
