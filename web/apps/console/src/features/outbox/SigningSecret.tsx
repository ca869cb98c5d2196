import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { WebhookSigning } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { KeyRoundIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { CopyLine } from "#lib/ui/Shown.tsx";

/** The secret by which receivers know our webhooks; shown when it is asked for, since looking is noted. */
export function SigningSecret() {
  const may = useMay("admin.integrations");
  const [asking, setAsking] = useState(false);
  const show = useMutation({
    mutationFn: () => api.get<WebhookSigning>("/webhook-signing"),
    onError: (error) => notifyProblem("The secret could not be read", error),
  });
  const rotate = useMutation({
    mutationFn: () => api.post<WebhookSigning>("/webhook-signing/rotate"),
    onSuccess: () => {
      setAsking(false);
      show.mutate();
      notifyDone("Webhooks are signed with a new secret");
    },
    onError: (error) => notifyProblem("The secret was not changed", error),
  });
  if (!may) return null;
  return (
    <Alert color="blue" icon={<KeyRoundIcon size={18} />} radius={0} py="xs">
      <Stack gap="xs" align="flex-start">
        <Group gap="sm">
          <Text size="sm">Webhooks are signed: receivers check them with the secret of this instance.</Text>
          {show.data ? (
            <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
              Make a new secret…
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              loading={show.isPending}
              onClick={() => show.mutate()}
            >
              Show the secret
            </Button>
          )}
        </Group>
        {show.data ? <CopyLine value={show.data.secret} label="the secret" /> : null}
      </Stack>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Make a new secret"
        action="Make a new one"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      >
        Everything that is sent from now on is signed with the new secret, and receivers that know the old one
        refuse it until they are told.
      </Confirm>
    </Alert>
  );
}
