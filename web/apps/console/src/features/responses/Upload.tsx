import { Alert, Button, Code, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ResponsesImport } from "@usher/api";
import { type DragEvent, useRef, useState } from "react";
import { api } from "#lib/api/client.ts";
import { count } from "#lib/ui/format.ts";
import { FileUpIcon, TriangleAlertIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Failed } from "#lib/ui/States.tsx";
import classes from "./responses.module.css";
import { changesOf, doneWords, importWords, summaryOf } from "./upload-words.ts";

/** Sends a file: with no `query` the answer only says what it would do. */
function send(file: File, query: { apply?: boolean; skip_refused?: boolean }): Promise<ResponsesImport> {
  const form = new FormData();
  form.set("file", file, file.name);
  return api.post<ResponsesImport>("/responses/import", form, { query });
}

/** Takes a file of responses, says what it would do, and does it when that is wanted. */
export function Upload({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const look = useMutation({ mutationFn: (chosen: File) => send(chosen, {}) });
  const close = () => {
    setFile(null);
    look.reset();
    onClose();
  };
  const take = (chosen: File) => {
    setFile(chosen);
    look.mutate(chosen);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="xl"
      title="Upload responses"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {file && look.data ? (
        <Outcome file={file} told={look.data} onBack={look.reset} onDone={close} />
      ) : (
        <Choose file={file} busy={look.isPending} error={look.error} onFile={take} />
      )}
    </Modal>
  );
}

interface ChooseProps {
  file: File | null;
  busy: boolean;
  error: Error | null;
  onFile: (file: File) => void;
}

function Choose({ file, busy, error, onFile }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const chosen = files?.[0];
    if (chosen && !busy) onFile(chosen);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <Stack>
      <Text size="sm">
        A CSV file as the download writes it. <Code>question</Code> and <Code>answer</Code> are needed;
        columns that the file does not have stay as they are. Nothing is written before you have seen what it
        would do.
      </Text>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same by key */}
      <div
        className={classes.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Text size="sm" c="dimmed">
          {busy && file ? `Reading ${file.name}…` : "Drop a CSV file here, or choose one"}
        </Text>
        <Button
          leftSection={<FileUpIcon size={14} />}
          loading={busy}
          data-autofocus
          onClick={() => input.current?.click()}
        >
          Choose a file
        </Button>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
          hidden
          aria-label="CSV file"
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {error ? <Failed error={error} what="The file was not taken" /> : null}
    </Stack>
  );
}

interface OutcomeProps {
  file: File;
  told: ResponsesImport;
  onBack: () => void;
  onDone: () => void;
}

function Outcome({ file, told, onBack, onDone }: OutcomeProps) {
  const queries = useQueryClient();
  const apply = useMutation({
    mutationFn: () => send(file, { apply: true, skip_refused: told.rows_refused > 0 }),
    onSuccess: (done) => {
      notifyDone(doneWords(done));
      void queries.invalidateQueries({ queryKey: ["responses"] });
      onDone();
    },
    onError: (error) => notifyProblem("Nothing was imported", error),
  });
  return (
    <Stack>
      <Text fw={500}>{file.name}</Text>
      <Text size="sm">{summaryOf(told)}</Text>
      {told.rows_refused > 0 ? <RefusedCells told={told} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Another file
        </Button>
        <Button
          onClick={() => apply.mutate()}
          loading={apply.isPending}
          disabled={changesOf(told) === 0}
          data-autofocus
        >
          {importWords(told)}
        </Button>
      </Group>
    </Stack>
  );
}

function RefusedCells({ told }: { told: ResponsesImport }) {
  const more = told.refused.length >= 500;
  return (
    <>
      <Alert
        color="yellow"
        icon={<TriangleAlertIcon size={18} />}
        title={
          told.rows_refused === 1 ? "One row is refused" : `${count(told.rows_refused)} rows are refused`
        }
      >
        Mend them in the file and choose it again, or import the others now.
      </Alert>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
      <section className={classes.refused} tabIndex={0} aria-label="Refused cells">
        <Table stickyHeader aria-label="Refused cells">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              <Table.Th>Column</Table.Th>
              <Table.Th>Why</Table.Th>
              <Table.Th>Question</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {told.refused.map((one) => (
              <Table.Tr key={`${one.line} ${one.field} ${one.reason}`}>
                <Table.Td>{one.line}</Table.Td>
                <Table.Td>{one.field}</Table.Td>
                <Table.Td>{one.reason}</Table.Td>
                <Table.Td dir="auto">{one.question || "–"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {more ? (
        <Text size="sm" c="dimmed">
          These are the first 500.
        </Text>
      ) : null}
    </>
  );
}
