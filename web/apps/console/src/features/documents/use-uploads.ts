import { useQueryClient } from "@tanstack/react-query";
import { ApiProblem, type LibraryDocument } from "@usher/api";
import { useEffect, useReducer, useRef } from "react";
import { sendFile } from "#lib/api/client.ts";
import { sentence } from "#lib/ui/notify.ts";
import { nextUp, stepped, type Upload } from "./uploads.ts";

export interface Uploads {
  all: Upload[];
  add: (files: Iterable<File>) => void;
  again: (key: string) => void;
  /** Takes a file away, and stops it when it is on its way. */
  remove: (key: string) => void;
  clear: () => void;
}

/** Sends files into the library, one after the other, for as long as the screen is open. */
export function useUploads(): Uploads {
  const [all, step] = useReducer(stepped, []);
  const queries = useQueryClient();
  const running = useRef<{ key: string; stop: AbortController } | null>(null);
  const next = nextUp(all);
  useEffect(() => {
    if (next === undefined) return;
    const { key, file } = next;
    if (running.current?.key === key) return;
    const stop = new AbortController();
    running.current = { key, stop };
    step({ kind: "sent", key, share: 0 });
    sendFile<LibraryDocument>({
      method: "POST",
      path: "/documents",
      file,
      onSent: (share) => step({ kind: "sent", key, share }),
      signal: stop.signal,
    })
      .then((made) => {
        step({ kind: "done", key, document: made.id });
        void queries.invalidateQueries({ queryKey: ["documents"] });
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        // The server looked at the file: it would say the same again.
        const judged = error instanceof ApiProblem && [413, 415, 422].includes(error.status);
        step({ kind: "failed", key, problem: sentence(error), mayTryAgain: !judged });
      })
      .finally(() => {
        if (running.current?.key === key) running.current = null;
      });
  }, [next, queries]);
  useEffect(() => () => running.current?.stop.abort(), []);
  return {
    all,
    add: (files) =>
      step({ kind: "added", uploads: [...files].map((file) => ({ key: crypto.randomUUID(), file })) }),
    again: (key) => step({ kind: "again", key }),
    remove: (key) => {
      if (running.current?.key === key) running.current.stop.abort();
      step({ kind: "removed", key });
    },
    clear: () => step({ kind: "cleared" }),
  };
}
