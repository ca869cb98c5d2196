import { useMutation } from "@tanstack/react-query";
import type { ChatView } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useDesk } from "#lib/live/Live.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

/** Changes one's own words, or takes them back; for five minutes. */
export function useChange(chat: ChatView) {
  const desk = useDesk();
  const read = () => desk.refresh(chat.conversation_id);
  const path = (seq: number) => `/chats/${chat.id}/messages/${seq}`;
  const edit = useMutation({
    mutationFn: ({ seq, text }: { seq: number; text: string }) => api.patch(path(seq), { text }),
    onSuccess: read,
    onError: (error) => notifyProblem("The message was not changed", error),
  });
  const remove = useMutation({
    mutationFn: (seq: number) => api.delete(path(seq)),
    onSuccess: read,
    onError: (error) => notifyProblem("The message was not deleted", error),
  });
  return {
    edit: (seq: number, text: string) => edit.mutate({ seq, text }),
    remove: (seq: number) => remove.mutate(seq),
  };
}
