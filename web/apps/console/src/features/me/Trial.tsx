import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api } from "#lib/api/client.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

/** Sends something to a browser or to the chat, to see whether it arrives. */
export function Trial({ browser, active }: { browser?: string; active: boolean }) {
  const attempt = useMutation({
    mutationFn: () => api.post("/me/notifications/trial", browser ? { browser } : {}),
    onSuccess: () => notifyDone("It should be there in a moment"),
    onError: (error) => notifyProblem("Nothing was sent", error),
  });
  return (
    <Button
      variant="default"
      size={browser ? "xs" : "sm"}
      disabled={!active}
      loading={attempt.isPending}
      onClick={() => attempt.mutate()}
    >
      Send a trial
    </Button>
  );
}
