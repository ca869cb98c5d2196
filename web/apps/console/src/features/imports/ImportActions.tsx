import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Import } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { DownloadIcon, PauseIcon, PlayIcon, TrashIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";
import { importQuery } from "./queries.ts";

/** Cancel, resume, the refused rows, and forgetting the import. */
export function ImportActions({ one }: { one: Import }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [deleting, ask] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ["imports"] });
  const go = useMutation({
    mutationFn: (step: "cancel" | "resume") => api.post(`/imports/${one.id}/${step}`),
    onSuccess: refresh,
    onError: (error, step) =>
      notifyProblem(step === "cancel" ? "The import goes on" : "The import was not resumed", error),
  });
  const rejects = useMutation({
    mutationFn: async () =>
      download(await api.raw("GET", `/imports/${one.id}/rejects`), `${one.name}-refused.csv`),
    onError: (error) => notifyProblem("The file was not made", error),
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`/imports/${one.id}`),
    onSuccess: async () => {
      await navigate({ to: "/imports" });
      queries.removeQueries({ queryKey: importQuery(one.id).queryKey });
      void refresh();
    },
    onError: (error) => notifyProblem("The import is still there", error),
  });
  const resumable = ["cancelled", "failed"].includes(one.state);
  return (
    <>
      {one.progress.rejected > 0 ? (
        <Button
          variant="default"
          leftSection={<DownloadIcon size={14} />}
          loading={rejects.isPending}
          onClick={() => rejects.mutate()}
        >
          Refused rows
        </Button>
      ) : null}
      {one.state === "running" ? (
        <Button
          variant="default"
          leftSection={<PauseIcon size={14} />}
          loading={go.isPending}
          onClick={() => go.mutate("cancel")}
        >
          Cancel
        </Button>
      ) : (
        <Button variant="subtle" color="gray" leftSection={<TrashIcon size={14} />} onClick={ask.open}>
          Delete
        </Button>
      )}
      {resumable ? (
        <Button
          leftSection={<PlayIcon size={14} />}
          loading={go.isPending}
          onClick={() => go.mutate("resume")}
        >
          Resume
        </Button>
      ) : null}
      {one.state === "done" ? (
        <ButtonLink to="/people" search={{ sort: "updated_at" }}>
          Show the people
        </ButtonLink>
      ) : null}
      <Confirm
        opened={deleting}
        onClose={ask.close}
        title="Delete this import"
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        The file, its preview and the refused rows are deleted. The people it made stay.
      </Confirm>
    </>
  );
}
