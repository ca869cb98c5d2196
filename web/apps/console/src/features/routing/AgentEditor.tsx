import { Button, Drawer, Group, NumberInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Agent } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { errorsUnder, HoursEditor } from "#lib/hours/HoursEditor.tsx";
import { MeetingRulesEditor } from "#lib/hours/MeetingRules.tsx";
import { fieldErrors, useSaveShortcut } from "#lib/ui/forms.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

/** The settings of an agent, for those who manage agents. */
export function AgentEditor({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  return (
    <Drawer
      opened={agent !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={agent?.name ?? ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {agent ? <Form key={agent.id} agent={agent} onClose={onClose} /> : null}
    </Drawer>
  );
}

type Values = Pick<Agent, "weight" | "chat_limit" | "live_chat" | "meetings" | "meeting_rules">;

function Form({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const queries = useQueryClient();
  const { weight, chat_limit, live_chat, meetings, meeting_rules } = agent;
  const [values, setValues] = useState<Values>({ weight, chat_limit, live_chat, meetings, meeting_rules });
  const change = (part: Partial<Values>) => setValues({ ...values, ...part });
  const save = useMutation({
    mutationFn: () => api.patch<Agent>(`/agents/${agent.id}`, values, { ifMatch: agent.version }),
    onSuccess: () => {
      for (const key of ["agents", "availability", "routing"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      onClose();
    },
    onError: (error) => notifyProblem("The agent was not saved", error),
  });
  const errors = fieldErrors(save.error);
  useSaveShortcut(() => save.mutate(), !save.isPending);
  return (
    <Stack gap="xl">
      <Group grow align="flex-start">
        <NumberInput
          label="Weight"
          description="Turns for one of the others, 1 to 10"
          min={1}
          max={10}
          allowDecimal={false}
          value={values.weight}
          onChange={(value) => change({ weight: Number(value) || 1 })}
          error={errors.weight}
        />
        <NumberInput
          label="Chats at once"
          description="The most, 1 to 20"
          min={1}
          max={20}
          allowDecimal={false}
          value={values.chat_limit}
          onChange={(value) => change({ chat_limit: Number(value) || 1 })}
          error={errors.chat_limit}
        />
      </Group>
      {agent.takes_live_chats ? (
        <HoursEditor
          title="Live chat"
          value={values.live_chat}
          errors={errorsUnder(errors, "live_chat")}
          onChange={(hours) => change({ live_chat: hours })}
        >
          When this agent takes chats, unless the switch says otherwise.
        </HoursEditor>
      ) : null}
      {agent.takes_meetings ? (
        <>
          <HoursEditor
            title="Meetings"
            value={values.meetings}
            errors={errorsUnder(errors, "meetings")}
            onChange={(hours) => change({ meetings: hours })}
          >
            When meetings may be booked with this agent.
          </HoursEditor>
          <MeetingRulesEditor
            value={values.meeting_rules}
            hours={values.meetings}
            errors={errorsUnder(errors, "meeting_rules")}
            onChange={(rules) => change({ meeting_rules: rules })}
          />
        </>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
      </Group>
    </Stack>
  );
}
