import { ActionIcon, Button, Paper, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Criteria, Person } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { counted } from "#lib/ui/format.ts";
import { DownloadIcon, XIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { AddToList } from "./AddToList.tsx";
import { exportColumns } from "./export-columns.ts";
import classes from "./people.module.css";

interface BulkBarProps {
  ids: string[];
  people: Person[];
  columns: string[];
  onClear: () => void;
}

/** What can be done with the selected people; there only while somebody is selected. */
export function BulkBar({ ids, people, columns, onClear }: BulkBarProps) {
  const mayEdit = useMay("people.edit");
  const mayExport = useMay("people.export");
  const emails = people.filter((one) => ids.includes(one.id)).flatMap((one) => one.email ?? []);
  const run = useMutation({
    mutationFn: async () => {
      const criteria: Criteria = { attribute: "person.email", op: "is", values: emails };
      const body = { criteria, columns: exportColumns(columns) };
      await download(await api.raw("POST", "/people/export", { body }), "selected-people.csv");
    },
    onError: (error) => notifyProblem("The file was not made", error),
  });
  useShortcut("escape", "Select nobody", onClear, { group: "Lists", active: ids.length > 0 });
  if (ids.length === 0) return null;
  return (
    <Paper className={classes.bulk} shadow="md" withBorder role="toolbar" aria-label="Selected people">
      <Text size="sm" className="tabular" role="status">
        {counted(ids.length, "person", "people")} selected
      </Text>
      {mayEdit ? <AddToList ids={ids} onDone={onClear} /> : null}
      {mayExport ? (
        <Button
          variant="default"
          leftSection={<DownloadIcon size={14} />}
          loading={run.isPending}
          disabled={emails.length === 0}
          title={emails.length < ids.length ? "Only people with an e-mail address are exported" : undefined}
          onClick={() => run.mutate()}
        >
          {emails.length > 0 && emails.length < ids.length
            ? `Export ${emails.length} with e-mail`
            : "Export CSV"}
        </Button>
      ) : null}
      <ActionIcon variant="subtle" color="gray" aria-label="Select nobody" onClick={onClear}>
        <XIcon size={16} />
      </ActionIcon>
    </Paper>
  );
}
