import { useQueryClient } from "@tanstack/react-query";
import type { AttributeDef, Dialogue, Draft, Stream, Targeting } from "@usher/api";
import { begin, type History, record, redo, undo } from "@usher/stream";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import type { StreamKind } from "../kinds.ts";
import { recordKey } from "../queries.ts";
import { type Content, contentOf, patchOf } from "./content.ts";
import { DraftSaver, type SaveState } from "./draft-saver.ts";

export interface DraftControl {
  kind: StreamKind;
  id: string;
  content: Content;
  save: SaveState;
  draftVersion: number;
  /** `group`: changes of one thing (typing in a field) are undone together. */
  change: (next: Partial<Content>, group?: string) => void;
  changeDraft: (next: Partial<Draft>, group?: string) => void;
  changeStream: (stream: Stream, group?: string) => void;
  changeTargeting: (next: Partial<Targeting>, group?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** Saves now; true when nothing is left unsaved. */
  flush: () => Promise<boolean>;
  /** After a conflict: what the other author made. */
  takeTheirs: () => Promise<void>;
  /** After a conflict: this, over what the other author made. */
  keepMine: () => Promise<void>;
  /** The server's dialogue changed by other means than editing (published, enabled). */
  adopt: (dialogue: Dialogue) => void;
}

/** The draft being edited: undo in memory, saving by itself. */
export function useDraft(kind: StreamKind, dialogue: Dialogue): DraftControl {
  const queries = useQueryClient();
  const { id } = dialogue;
  const [history, setHistory] = useState<History<Content>>(() => begin(contentOf(dialogue)));
  const latest = useRef(history);
  const server = useRef(contentOf(dialogue));

  // One saver for as long as this dialogue is open: later versions come through the saver itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const saver = useMemo(() => {
    const send = async (content: Content, version: number) => {
      const types = new Map(
        queries
          .getQueryData<AttributeDef[]>(attributesQuery.queryKey)
          ?.map((one) => [`${one.of}.${one.name}`, one.type]),
      );
      const patch = patchOf(server.current, content, (attribute) => types.get(attribute));
      if (Object.keys(patch).length === 0) return version;
      const saved = await api.patch<Dialogue>(`${kind.path}/${id}`, patch, { ifMatch: version });
      server.current = content;
      queries.setQueryData(recordKey(kind, id), saved);
      void queries.invalidateQueries({ queryKey: [kind.key, "list"] });
      return saved.draft_version;
    };
    return new DraftSaver<Content>(dialogue.draft_version, send);
  }, [kind, id, queries]);
  const save = useSyncExternalStore(saver.subscribe, saver.state);

  const set = useCallback(
    (next: History<Content>) => {
      if (next === latest.current) return;
      latest.current = next;
      setHistory(next);
      saver.changed(next.present);
    },
    [saver],
  );
  useEffect(
    () => () => {
      saver.stop();
      void saver.flush();
    },
    [saver],
  );

  const adopt = useCallback(
    (fresh: Dialogue) => {
      queries.setQueryData(recordKey(kind, id), fresh);
      saver.rebase(fresh.draft_version, true);
    },
    [kind, id, queries, saver],
  );
  const readTheirs = async () => {
    const theirs = await api.get<Dialogue>(`${kind.path}/${id}`);
    server.current = contentOf(theirs);
    queries.setQueryData(recordKey(kind, id), theirs);
    return theirs;
  };
  useFollow(dialogue, saver, (theirs) => {
    server.current = contentOf(theirs);
    latest.current = begin(server.current);
    setHistory(latest.current);
    saver.rebase(theirs.draft_version, false);
  });

  const change: DraftControl["change"] = (next, group) =>
    set(record(latest.current, { ...latest.current.present, ...next }, group ?? null));
  const changeDraft: DraftControl["changeDraft"] = (next, group) =>
    change({ draft: { ...latest.current.present.draft, ...next } }, group);
  return {
    kind,
    id,
    content: history.present,
    save,
    draftVersion: saver.version,
    change,
    changeDraft,
    changeStream: (stream, group) => {
      if (stream !== latest.current.present.draft.stream) changeDraft({ stream }, group);
    },
    changeTargeting: (next, group) =>
      changeDraft({ targeting: { ...latest.current.present.draft.targeting, ...next } }, group),
    undo: () => set(undo(latest.current)),
    redo: () => set(redo(latest.current)),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    flush: () => saver.flush(),
    takeTheirs: async () => {
      const theirs = await readTheirs();
      // Undo still leads back to what was mine.
      latest.current = record(latest.current, contentOf(theirs), null);
      setHistory(latest.current);
      saver.rebase(theirs.draft_version, false);
    },
    keepMine: async () => {
      const theirs = await readTheirs();
      saver.changed(latest.current.present);
      saver.rebase(theirs.draft_version, true);
    },
    adopt,
  };
}

/** Takes over what somebody else saved, as long as nothing here is unsaved. */
function useFollow(dialogue: Dialogue, saver: DraftSaver<Content>, take: (theirs: Dialogue) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    if (dialogue.draft_version > saver.version && !saver.dirty) latest.current(dialogue);
  }, [dialogue, saver]);
}
