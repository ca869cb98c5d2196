import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PeopleList } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { listsQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { counted } from "#lib/ui/format.ts";
import { notifyProblem } from "#lib/ui/notify.ts";

/** Deletes a list, not its people. */
export function DeleteList({ list, onClose }: { list: PeopleList | null; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/lists/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: listsQuery.queryKey });
      onClose();
    },
    onError: (error) => notifyProblem("The list was not deleted", error),
  });
  return (
    <Confirm
      opened={list !== null}
      onClose={onClose}
      title="Delete the list"
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => list && remove.mutate(list.id)}
    >
      <b dir="auto">{list?.name}</b> is deleted. Its {counted(list?.size ?? 0, "person stays", "people stay")}
      ; only the membership is lost, which cannot be undone.
    </Confirm>
  );
}
