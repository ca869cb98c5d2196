import { Button, Group, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { User } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMe } from "#lib/api/session.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

/** Resend, disable, delete. Nobody locks out the owner, or oneself. */
export function UserActions({ user }: { user: User }) {
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [deleting, ask] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ["users"] });
  const resend = useMutation({
    mutationFn: () => api.post(`/users/${user.id}/invitation`),
    onSuccess: () => notifyDone(`Another invitation is on its way to ${user.email}`),
    onError: (error) => notifyProblem("The invitation was not sent", error),
  });
  const disable = useMutation({
    mutationFn: (disabled: boolean) => api.patch(`/users/${user.id}`, { disabled }),
    onSuccess: refresh,
    onError: (error) => notifyProblem("The user was not changed", error),
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`/users/${user.id}`),
    onSuccess: async () => {
      await navigate({ to: "/users", search: {} });
      void refresh();
    },
    onError: (error) => notifyProblem("The user was not deleted", error),
  });
  if (user.owner || user.id === me.user.id) return null;
  return (
    <section>
      <Title order={2} mb={4}>
        Access
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        A disabled user is signed out at once and keeps everything; a deleted one leaves only the name in the
        audit log.
      </Text>
      <Group gap="xs">
        {user.pending ? (
          <Button variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
            Send the invitation again
          </Button>
        ) : (
          <Button
            variant="default"
            loading={disable.isPending}
            onClick={() => disable.mutate(!user.disabled)}
          >
            {user.disabled ? "Enable" : "Disable"}
          </Button>
        )}
        <Button variant="subtle" color="red" onClick={ask.open}>
          {user.pending ? "Withdraw the invitation" : "Delete"}
        </Button>
      </Group>
      <Confirm
        opened={deleting}
        onClose={ask.close}
        title={user.pending ? "Withdraw the invitation" : "Delete the user"}
        action={user.pending ? "Withdraw" : "Delete"}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <b dir="auto">{user.name || user.email}</b> can no longer sign in. This cannot be undone; you can
        invite again.
      </Confirm>
    </section>
  );
}
