import { Button, Drawer, Group, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Account, Agent } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { choices } from "./queries.ts";

interface AccountEditorProps {
  open: Account | "new" | null;
  agents: Agent[] | undefined;
  onClose: () => void;
}

export function AccountEditor(props: AccountEditorProps) {
  const { open, onClose } = props;
  return (
    <Drawer
      opened={open !== null}
      onClose={onClose}
      position="right"
      title={open === "new" ? "New account" : "Account"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {open ? (
        <Form
          key={open === "new" ? open : open.id}
          account={open === "new" ? null : open}
          agents={props.agents}
          onClose={onClose}
        />
      ) : null}
    </Drawer>
  );
}

interface FormProps {
  account: Account | null;
  agents: Agent[] | undefined;
  onClose: () => void;
}

function Form({ account, agents, onClose }: FormProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(account?.name ?? "");
  const [domains, setDomains] = useState(account?.domains ?? []);
  const [owner, setOwner] = useState(account?.owner_id ?? null);
  const save = useMutation({
    mutationFn: () => {
      const body = { name, domains, owner_id: owner };
      return account
        ? api.patch<Account>(`/accounts/${account.id}`, body, { ifMatch: account.version })
        : api.post<Account>("/accounts", body);
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["accounts"] });
      onClose();
    },
    onError: (error) => notifyProblem("The account was not saved", error),
  });
  const errors = fieldErrors(save.error);
  const refused = Object.entries(errors).find(([field]) => field.startsWith("domains"))?.[1];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (owner) save.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errors.name}
        />
        <TagsInput
          label="Domains"
          description="acme.example, Enter after each; sub-domains belong to it"
          value={domains}
          onChange={setDomains}
          splitChars={[",", " ", ";"]}
          error={refused ? `One of them ${refused}` : undefined}
        />
        <Select
          label="Owner"
          description="The agent who gets its visitors"
          data={choices(agents, owner ? [owner] : [])}
          value={owner}
          onChange={setOwner}
          searchable
          error={errors.owner_id}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!owner}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
