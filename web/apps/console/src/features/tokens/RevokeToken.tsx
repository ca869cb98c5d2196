import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApiToken } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

export function RevokeToken({ token, onClose }: { token: ApiToken | null; onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/tokens/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["tokens"] });
      onClose();
    },
    onError: (error) => notifyProblem("The token still works", error),
  });
  return (
    <Confirm
      opened={token !== null}
      onClose={onClose}
      title="Revoke the token"
      action="Revoke"
      busy={revoke.isPending}
      onConfirm={() => token && revoke.mutate(token.id)}
    >
      Whatever uses <b dir="auto">{token?.name}</b> stops working at once. This cannot be undone.
    </Confirm>
  );
}
