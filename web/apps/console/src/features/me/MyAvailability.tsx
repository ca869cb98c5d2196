import { Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Agent } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { errorsUnder, HoursEditor } from "#lib/hours/HoursEditor.tsx";
import { MeetingRulesEditor } from "#lib/hours/MeetingRules.tsx";
import { myAvailabilityQuery } from "#lib/hours/queries.ts";
import { fieldErrors, SaveButtons, UnsavedGuard } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";

/** One's own hours for live chat and for meetings. */
export function MyAvailability() {
  const mine = useQuery({ ...myAvailabilityQuery, retry: false });
  if (mine.data) return <Editor agent={mine.data} />;
  return (
    <Page title="My availability" narrow>
      {mine.error ? (
        <Failed
          error={mine.error}
          what="Your availability could not be read"
          retry={() => void mine.refetch()}
        />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}

type Hours = Pick<Agent, "live_chat" | "meetings" | "meeting_rules">;

function Editor({ agent }: { agent: Agent }) {
  const queries = useQueryClient();
  const chats = useMay("agent.livechat_availability");
  const meets = useMay("agent.calendar_availability");
  const [draft, setDraft] = useState<Hours | null>(null);
  const [round, setRound] = useState(0);
  const save = useMutation({
    mutationFn: (hours: Hours) => {
      const body = {
        ...(chats && { live_chat: hours.live_chat }),
        ...(meets && { meetings: hours.meetings, meeting_rules: hours.meeting_rules }),
      };
      return api.patch<Agent>("/me/availability", body, { ifMatch: agent.version });
    },
    onSuccess: (saved) => {
      queries.setQueryData(myAvailabilityQuery.queryKey, saved);
      setDraft(null);
      setRound(round + 1);
      notifyDone("Your hours are saved");
    },
    onError: (error) => notifyProblem("Your hours were not saved", error),
  });
  const errors = fieldErrors(save.error);
  const hours = draft ?? agent;
  const { live_chat, meetings, meeting_rules } = hours;
  const change = (part: Partial<Hours>) => setDraft({ live_chat, meetings, meeting_rules, ...part });
  return (
    <Page
      title="My availability"
      narrow
      actions={
        <SaveButtons
          dirty={draft !== null}
          saving={save.isPending}
          onSave={() => draft && save.mutate(draft)}
          onDiscard={() => {
            setDraft(null);
            setRound(round + 1);
          }}
        />
      }
    >
      <Stack gap="xl" key={round}>
        {chats ? (
          <HoursEditor
            title="Live chat"
            value={live_chat}
            errors={errorsUnder(errors, "live_chat")}
            onChange={(changed) => change({ live_chat: changed })}
          >
            When you take chats. The switch in the corner overrides this until your hours next begin or end,
            or until midnight.
          </HoursEditor>
        ) : null}
        {meets ? (
          <>
            <HoursEditor
              title="Meetings"
              value={meetings}
              errors={errorsUnder(errors, "meetings")}
              onChange={(changed) => change({ meetings: changed })}
            >
              When meetings may be booked with you.
            </HoursEditor>
            <MeetingRulesEditor
              value={meeting_rules}
              hours={meetings}
              errors={errorsUnder(errors, "meeting_rules")}
              onChange={(rules) => change({ meeting_rules: rules })}
            />
          </>
        ) : null}
      </Stack>
      <UnsavedGuard dirty={draft !== null} />
    </Page>
  );
}
