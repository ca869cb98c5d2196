import { Alert, Button, FileButton, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AccountUpload } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { count } from "#lib/ui/format.ts";
import { UploadIcon } from "#lib/ui/icons.ts";
import { Failed } from "#lib/ui/States.tsx";
import classes from "./routing.module.css";

/** Accounts out of a file, with a report of the rows that were refused. */
export function UploadAccounts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("file", file, file.name);
      return api.post<AccountUpload>("/accounts/upload", form);
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["accounts"] }),
  });
  const close = () => {
    onClose();
    upload.reset();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title="Upload accounts"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack>
        <Text size="sm">
          A CSV file with the columns <b>name</b>, <b>domains</b> (several with spaces, commas or semicolons
          between) and <b>owner</b> (the e-mail address of an agent). A row whose name is there already
          changes that account.
        </Text>
        <Group>
          <FileButton accept=".csv,text/csv" onChange={(file) => file && upload.mutate(file)}>
            {(props) => (
              <Button {...props} loading={upload.isPending} leftSection={<UploadIcon size={14} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
        </Group>
        {upload.error ? <Failed error={upload.error} what="The file was not taken" /> : null}
        {upload.data ? <Report told={upload.data} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Report({ told }: { told: AccountUpload }) {
  return (
    <>
      <Alert color={told.refused > 0 ? "yellow" : "green"} role="status">
        {count(told.created)} made, {count(told.updated)} changed, {count(told.refused)} refused.
      </Alert>
      {told.refusals.length > 0 ? (
        <section className={classes.scroll} aria-label="Refused rows">
          <table className={classes.turns}>
            <thead>
              <tr>
                <th className={classes.number}>Line</th>
                <th>Name</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {told.refusals.map((row) => (
                <tr key={row.line}>
                  <td className={classes.number}>{row.line}</td>
                  <td dir="auto">{row.name || "–"}</td>
                  <td dir="auto">{row.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </>
  );
}
