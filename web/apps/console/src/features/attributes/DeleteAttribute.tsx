import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AttributeDef } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { attributesQuery } from "#lib/api/shared.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

export function DeleteAttribute({
  attribute,
  onClose,
}: {
  attribute: AttributeDef | null;
  onClose: () => void;
}) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/attributes/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: attributesQuery.queryKey });
      notifyDone("The attribute is deleted");
      onClose();
    },
    onError: (error) => notifyProblem("The attribute was not deleted", error),
  });
  return (
    <Confirm
      opened={attribute !== null}
      onClose={onClose}
      title="Delete the attribute"
      action="Delete with its values"
      typed={attribute?.name}
      busy={remove.isPending}
      onConfirm={() => attribute?.id && remove.mutate(attribute.id)}
    >
      <b dir="auto">{attribute?.label}</b> and every value it has are deleted. This cannot be undone.
    </Confirm>
  );
}
