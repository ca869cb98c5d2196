import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Dialogue } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import type { DraftControl } from "./use-draft.ts";

/** What can be done with a dialogue as a whole. Unsaved edits are saved before. */
export function useActions(dialogue: Dialogue, control: DraftControl) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id } = dialogue;
  const refresh = () => void queries.invalidateQueries({ queryKey: ["dialogues"] });
  const settled = async () => {
    if (!(await control.flush())) throw new Error("unsaved");
  };

  const publish = useMutation({
    mutationFn: async () => {
      await settled();
      return api.post<Dialogue>(`/dialogues/${id}/publish`);
    },
    onSuccess: (fresh) => {
      control.adopt(fresh);
      notifyDone("Published: visitors see it from now on");
      refresh();
    },
    onError: (error) => notifyProblem("It was not published", error),
  });
  const unpublish = useMutation({
    mutationFn: () => api.post<Dialogue>(`/dialogues/${id}/unpublish`),
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
      const version = queries.getQueryData<Dialogue>(["dialogues", "record", id])?.draft_version;
      return api.patch<Dialogue>(`/dialogues/${id}`, { enabled }, { ifMatch: version });
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
      return api.post<Dialogue>(`/dialogues/${id}/duplicate`);
    },
    onSuccess: async (copy) => {
      refresh();
      await navigate({ to: "/dialogues/$id", params: { id: copy.id } });
      notifyDone("This is the copy");
    },
    onError: (error) => notifyProblem("It was not duplicated", error),
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`/dialogues/${id}`),
    onSuccess: async () => {
      await navigate({ to: "/dialogues", ignoreBlocker: true });
      queries.removeQueries({ queryKey: ["dialogues", "record", id] });
      refresh();
    },
    onError: (error) => notifyProblem("It was not deleted", error),
  });
  return { publish, unpublish, enable, duplicate, remove };
}
