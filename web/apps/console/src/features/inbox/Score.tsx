import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ChatView } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useDesk } from "#lib/live/Live.tsx";
import { DASH } from "#lib/ui/format.ts";
import { CheckIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import classes from "./inbox.module.css";

const SCORES = [0, 1, 2, 3];
const MEANS = ["Nothing in it", "Perhaps", "Good", "Very good"];

/** How good the conversation was, 0 to 3, by the agent; it stands once the chat has ended. */
export function Score({ chat }: { chat: ChatView }) {
  const desk = useDesk();
  const set = useMutation({
    mutationFn: (score: number) => api.put<ChatView>(`/chats/${chat.id}/score`, { score }),
    onSuccess: desk.tookChat.bind(desk),
    onError: (error) => notifyProblem("The score was not kept", error),
  });
  const score = set.isPending ? set.variables : (chat.score ?? null);
  const words = `Score ${score ?? DASH}`;
  if (chat.state === "ended" || !chat.mine) {
    return score === null ? null : <span className={classes.score}>{words}</span>;
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes.score} title="Score of the conversation, 0 to 3">
          {words}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {SCORES.map((one) => (
          <Menu.Item
            key={one}
            rightSection={score === one ? <CheckIcon size={14} /> : null}
            onClick={() => set.mutate(one)}
          >
            {one} · {MEANS[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
