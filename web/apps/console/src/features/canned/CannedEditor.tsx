import { Button, Drawer, Group, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CannedResponse } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { fieldErrors } from "#lib/ui/forms.tsx";
import { TrashIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";

interface CannedEditorProps {
  open: CannedResponse | "new" | null;
  onClose: () => void;
}

/** Makes, changes and removes a canned response; shared ones only for who manages agents. */
export function CannedEditor({ open, onClose }: CannedEditorProps) {
  return (
    <Drawer
      opened={open !== null}
      onClose={onClose}
      position="right"
      title={open === "new" ? "New canned response" : "Canned response"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {open ? (
        <Form
          key={open === "new" ? open : open.id}
          response={open === "new" ? null : open}
          onClose={onClose}
        />
      ) : null}
    </Drawer>
  );
}

interface FormProps {
  response: CannedResponse | null;
  onClose: () => void;
}

function useChanged(onClose: () => void) {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["canned-responses"] });
    onClose();
  };
}

function Form({ response, onClose }: FormProps) {
  const mayShare = useMay("admin.agents");
  const [shortcut, setShortcut] = useState(response?.shortcut ?? "");
  const [text, setText] = useState(response?.text ?? "");
  const [shared, setShared] = useState(response?.shared ?? false);
  const readOnly = response?.shared === true && !mayShare;
  const changed = useChanged(onClose);
  const save = useMutation({
    mutationFn: () =>
      response
        ? api.patch(`/canned-responses/${response.id}`, { shortcut, text }, { ifMatch: response.version })
        : api.post("/canned-responses", { shortcut, text, shared }),
    onSuccess: changed,
    onError: (error) => {
      if (Object.keys(fieldErrors(error)).length === 0) notifyProblem("It was not saved", error);
    },
  });
  const errors = fieldErrors(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Shortcut"
          description="What is typed behind the slash"
          leftSection="/"
          dir="auto"
          data-autofocus
          maxLength={41}
          autoComplete="off"
          readOnly={readOnly}
          value={shortcut}
          onChange={(event) => setShortcut(event.currentTarget.value)}
          error={errors.shortcut}
        />
        <Textarea
          label="Text"
          description={
            'Tokens are filled in when it is used: {{person.first_name:"there"}}, {{company.name}}, {{agent.name}}'
          }
          dir="auto"
          autosize
          minRows={5}
          maxRows={16}
          maxLength={4000}
          readOnly={readOnly}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={errors.text}
        />
        {response ? (
          <Text size="sm" c="dimmed">
            {response.shared ? "Shared with everybody." : "Only you see it."}
            {readOnly ? " It is changed by who manages agents." : null}
          </Text>
        ) : mayShare ? (
          <Switch
            label="Share it with everybody"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        ) : null}
        {readOnly ? null : (
          <Group justify="space-between">
            {response ? <Delete response={response} onDeleted={changed} /> : <span />}
            <Group>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={save.isPending} disabled={!shortcut.trim() || !text.trim()}>
                Save
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Delete({ response, onDeleted }: { response: CannedResponse; onDeleted: () => void }) {
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/canned-responses/${response.id}`),
    onSuccess: onDeleted,
    onError: (error) => notifyProblem("It was not deleted", error),
  });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        leftSection={<TrashIcon size={14} />}
        onClick={() => setAsked(true)}
      >
        Delete
      </Button>
      <Confirm
        opened={asked}
        onClose={() => setAsked(false)}
        title={`Delete /${response.shortcut}?`}
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        It cannot be called any more. What was said with it stays.
      </Confirm>
    </>
  );
}
