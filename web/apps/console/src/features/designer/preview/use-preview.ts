import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AttributeDef, CardId, Did, Preview, PreviewTurn } from "@usher/api";
import { useCallback, useMemo, useRef, useState } from "react";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import type { Trail } from "../design.ts";
import { wireDraft } from "../draft/content.ts";
import type { DraftControl } from "../draft/use-draft.ts";
import { type ScriptTurn, turnOf } from "./script-of.ts";

/** Whom the author plays. */
export interface Role {
  id: string;
  name: string;
}

/** A conversation with the draft, as it stands on the screen. */
export interface PreviewControl {
  /** Null: it has not begun. */
  now: Preview | null;
  /** Null: nobody in particular. */
  role: Role | null;
  trail: Trail | null;
  /** What was done so far, for keeping it as a test. */
  turns: readonly ScriptTurn[];
  busy: boolean;
  error: Error | null;
  /** Begins, or begins again. */
  begin: (role: Role | null) => void;
  send: (did: Did) => void;
  end: () => void;
}

interface Talk {
  preview: Preview;
  passed: readonly CardId[];
  turns: readonly ScriptTurn[];
}

/** Talks to the draft. It lives as long as the designer does, so that cards can be edited in between. */
export function usePreview(control: DraftControl): PreviewControl {
  const queries = useQueryClient();
  const [talk, setTalk] = useState<Talk | null>(null);
  const [role, setRole] = useState<Role | null>(null);
  const latest = useRef({ control, talk });
  latest.current = { control, talk };
  const turn = useMutation({
    mutationFn: (asked: { did?: Did; role?: Role | null }) => {
      const { control, talk } = latest.current;
      const types = new Map(
        queries
          .getQueryData<AttributeDef[]>(attributesQuery.queryKey)
          ?.map((one) => [`${one.of}.${one.name}`, one.type]),
      );
      const body: PreviewTurn = { draft: wireDraft(control.content.draft, (path) => types.get(path)) };
      if (asked.did === undefined) body.person_id = asked.role?.id;
      else Object.assign(body, { state: talk?.preview.state, did: asked.did });
      return api.post<Preview>(`${control.kind.path}/${control.id}/preview`, body);
    },
    onSuccess: (preview, { did }) => setTalk((before) => next(before, preview, did)),
  });
  const { mutate, reset } = turn;
  const begin = useCallback(
    (asked: Role | null) => {
      setRole(asked);
      mutate({ role: asked });
    },
    [mutate],
  );
  const send = useCallback((did: Did) => mutate({ did }), [mutate]);
  const end = useCallback(() => {
    setTalk(null);
    reset();
  }, [reset]);
  const trail = useMemo(
    () => (talk === null ? null : { current: talk.preview.current_card, passed: talk.passed }),
    [talk],
  );
  return useMemo(
    () => ({
      now: talk?.preview ?? null,
      role,
      trail,
      turns: talk?.turns ?? [],
      busy: turn.isPending,
      error: turn.error,
      begin,
      send,
      end,
    }),
    [talk, role, trail, turn.isPending, turn.error, begin, send, end],
  );
}

function next(before: Talk | null, preview: Preview, did: Did | undefined): Talk {
  if (before === null || did === undefined || "restart" in did) {
    return { preview, passed: preview.passed, turns: [] };
  }
  const done = turnOf(did, before.preview.waiting);
  return {
    preview,
    passed: trailAfter(before.passed, preview.passed, did),
    turns: done === null ? before.turns : [...before.turns, done],
  };
}

/** Going back takes the later cards off the trail. */
function trailAfter(before: readonly CardId[], passed: readonly CardId[], did: Did): readonly CardId[] {
  const kept = "back" in did ? before.slice(0, Math.max(0, before.lastIndexOf(did.back.card_id))) : before;
  return passed[0] === kept.at(-1) ? [...kept, ...passed.slice(1)] : [...kept, ...passed];
}
