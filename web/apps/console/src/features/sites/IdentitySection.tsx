import { Button, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { SiteIdentity } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { CopyLine } from "#lib/ui/Shown.tsx";

/** With what the site's own server signs who its visitors are. Nothing is shown before one asks: it is a secret. */
export function IdentitySection({ id }: { id: string }) {
  const [shown, setShown] = useState<SiteIdentity | null>(null);
  const show = useMutation({
    mutationFn: () => api.get<SiteIdentity>(`/sites/${id}/identity`),
    onSuccess: setShown,
    onError: (error) => notifyProblem("The secret could not be read", error),
  });
  return (
    <section aria-label="Signed-in visitors">
      <Title order={2}>Signed-in visitors</Title>
      <Text size="sm" c="dimmed" mb="xs">
        Your server signs a token for whoever is signed in on your site, and the page hands it over with{" "}
        <code>usher.identify(token)</code>. What is only typed stays a claim; what is signed is proven.
      </Text>
      {shown ? (
        <Keys id={id} identity={shown} changed={setShown} />
      ) : (
        <Button variant="default" loading={show.isPending} onClick={() => show.mutate()}>
          Show the secret
        </Button>
      )}
    </section>
  );
}

function Keys({
  id,
  identity,
  changed,
}: {
  id: string;
  identity: SiteIdentity;
  changed: (identity: SiteIdentity) => void;
}) {
  const [key, setKey] = useState(identity.public_key ?? "");
  const [asking, setAsking] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      api.put<SiteIdentity>(`/sites/${id}/identity`, { public_key: key.trim() === "" ? null : key }),
    onSuccess: (identity) => {
      changed(identity);
      notifyDone("The public key is saved");
    },
  });
  const rotate = useMutation({
    mutationFn: () => api.post<SiteIdentity>(`/sites/${id}/identity/rotate`, {}),
    onSuccess: (identity) => {
      changed(identity);
      notifyDone("There is a new secret");
    },
    onError: (error) => notifyProblem("There is no new secret", error),
    onSettled: () => setAsking(false),
  });
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" fw={500}>
          Secret for HS256
        </Text>
        <CopyLine value={identity.secret} label="the secret" />
        <Group mt="xs">
          <Button variant="default" size="xs" onClick={() => setAsking(true)}>
            Make a new secret
          </Button>
        </Group>
      </div>
      <Textarea
        label="Public key for RS256 or ES256"
        description="PEM of an RSA or P-256 key, where your server signs with a key pair instead of the secret"
        placeholder="-----BEGIN PUBLIC KEY-----"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        value={key}
        error={save.error ? fieldErrors(save.error).public_key : undefined}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Group>
        <Button
          variant="default"
          disabled={key.trim() === (identity.public_key ?? "").trim()}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save the key
        </Button>
      </Group>
      <Confirm
        opened={asking}
        title="Make a new secret?"
        action="Make a new secret"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        Tokens that your server signs with the old one are refused from then on, until it knows the new one.
      </Confirm>
    </Stack>
  );
}
