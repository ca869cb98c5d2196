import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { DownloadIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { exportColumns } from "./export-columns.ts";
import type { Question } from "./use-people.ts";

/** Everybody whom the list shows, as CSV with its columns. */
export function ExportButton({ question, columns }: { question: Question; columns: string[] }) {
  const may = useMay("people.export");
  const run = useMutation({
    mutationFn: async () => {
      const { q, criteria, known } = question;
      const body = { q, criteria, known, columns: exportColumns(columns) };
      await download(await api.raw("POST", "/people/export", { body }), "people.csv");
    },
    onError: (error) => notifyProblem("The file was not made", error),
  });
  if (!may) return null;
  return (
    <Button
      variant="default"
      leftSection={<DownloadIcon size={14} />}
      loading={run.isPending}
      onClick={() => run.mutate()}
      className="wide-only"
    >
      Export CSV
    </Button>
  );
}
