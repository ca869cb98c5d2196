import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Dialogue } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import type { DraftControl } from "./draft/use-draft.ts";
import { recordKey } from "./queries.ts";

/** What can be done with a dialogue as a whole. Unsaved edits are saved before. */
export function useActions(dialogue: Dialogue, control: DraftControl) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id } = dialogue;
  const { kind } = control;
  const refresh = () => void queries.invalidateQueries({ queryKey: [kind.key] });
  const settled = async () => {
    if (!(await control.flush())) throw new Error("unsaved");
  };

  const publish = useMutation({
    mutationFn: async () => {
      await settled();
      return api.post<Dialogue>(`${kind.path}/${id}/publish`);
    },
    onSuccess: (fresh) => {
      control.adopt(fresh);
      notifyDone(
        kind.noun === "flow"
          ? "Published: it can be started from now on"
          : "Published: visitors see it from now on",
      );
      refresh();
    },
    onError: (error) => notifyProblem("It was not published", error),
  });
  const unpublish = useMutation({
    mutationFn: () => api.post<Dialogue>(`${kind.path}/${id}/unpublish`),
    onSuccess: (fresh) => {
      control.adopt(fresh);
      notifyDone("Unpublished: nobody new is shown it");
      refresh();
    },
    onError: (error) => notifyProblem("It was not unpublished", error),
  });
  const enable = useMutation({
    mutationFn: async (enabled: boolean) => {
      await settled();
      const version = queries.getQueryData<Dialogue>(recordKey(kind, id))?.draft_version;
      return api.patch<Dialogue>(`${kind.path}/${id}`, { enabled }, { ifMatch: version });
    },
    onSuccess: (fresh) => {
      control.adopt(fresh);
      notifyDone(fresh.enabled ? "Enabled" : "Disabled: shown to nobody");
      refresh();
    },
    onError: (error) => notifyProblem("It was not changed", error),
  });
  const duplicate = useMutation({
    mutationFn: async () => {
      await settled();
      return api.post<Dialogue>(`${kind.path}/${id}/duplicate`);
    },
    onSuccess: async (copy) => {
      refresh();
      await navigate({ to: `${kind.path}/$id`, params: { id: copy.id } });
      notifyDone("This is the copy");
    },
    onError: (error) => notifyProblem("It was not duplicated", error),
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`${kind.path}/${id}`),
    onSuccess: async () => {
      await navigate({ to: kind.path, ignoreBlocker: true });
      queries.removeQueries({ queryKey: recordKey(kind, id) });
      refresh();
    },
    onError: (error) => notifyProblem("It was not deleted", error),
  });
  return { publish, unpublish, enable, duplicate, remove };
}
