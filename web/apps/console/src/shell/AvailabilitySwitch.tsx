import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Agent } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { allows, useMe } from "#lib/api/session.ts";
import { myAvailabilityQuery } from "#lib/hours/queries.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import classes from "./frame.module.css";

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** Available or not for live chats, in the corner of every screen. */
export function AvailabilitySwitch() {
  const me = useMe();
  const queries = useQueryClient();
  const agent = allows(me, "agent.livechat_availability");
  const mine = useQuery({ ...myAvailabilityQuery, enabled: agent, retry: false });
  const turn = useMutation({
    mutationFn: (available: boolean) => api.put<Agent>("/me/availability/switch", { available }),
    onSuccess: (saved) => queries.setQueryData(myAvailabilityQuery.queryKey, saved),
    onError: (error) => notifyProblem("The switch was not turned", error),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["agents"] }),
  });
  const now = mine.data?.live_chat_now;
  if (!agent || !now) return null;
  const available = turn.isPending ? turn.variables : now.available;
  const until = now.until ? new Date(now.until) : null;
  const soon = until && until.getTime() - Date.now() < 24 * 3_600_000;
  return (
    <Switch
      className={classes.switch}
      size="sm"
      checked={available}
      onChange={(event) => turn.mutate(event.currentTarget.checked)}
      label={available ? "Available" : "Unavailable"}
      title={`${now.words}${soon ? `, until ${TIME.format(until)}` : ""}`}
    />
  );
}
