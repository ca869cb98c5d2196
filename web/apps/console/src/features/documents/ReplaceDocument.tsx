import { Alert, Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryDocument } from "@usher/api";
import { useEffect, useRef, useState } from "react";
import { sendFile } from "#lib/api/client.ts";
import { counted } from "#lib/ui/format.ts";
import { TriangleAlertIcon, UploadIcon } from "#lib/ui/icons.ts";
import { notifyDone, sentence } from "#lib/ui/notify.ts";
import { DropArea } from "./DropArea.tsx";
import classes from "./documents.module.css";
import { FileButton } from "./FileButton.tsx";
import { refused } from "./uploads.ts";

interface ReplaceDocumentProps {
  document: LibraryDocument | null;
  onClose: () => void;
}

/** Puts a new file in the place of the one before; everything that shows the document shows the new one. */
export function ReplaceDocument({ document, onClose }: ReplaceDocumentProps) {
  const queries = useQueryClient();
  const [sent, setSent] = useState(0);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const replace = useMutation({
    mutationFn: (file: File) => {
      const problem = refused(file);
      if (problem !== null) return Promise.reject(new NotSent(problem));
      stop.current = new AbortController();
      return sendFile<LibraryDocument>({
        method: "PUT",
        path: `/documents/${document?.id}/file`,
        file,
        onSent: setSent,
        signal: stop.current.signal,
      });
    },
    onSuccess: (fresh) => {
      notifyDone(`${fresh.name} is replaced: ${counted(fresh.pages, "page", "pages")}`);
      void queries.invalidateQueries({ queryKey: ["documents"] });
      onClose();
    },
  });
  const close = () => {
    stop.current.abort();
    onClose();
  };
  const take = (files: FileList) => {
    const [file] = files;
    if (file && !replace.isPending) replace.mutate(file);
  };
  const problem = replace.error && !stop.current.signal.aborted ? wordsOf(replace.error) : null;
  return (
    <Modal
      opened={document !== null}
      onClose={close}
      title="Replace the file"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack>
        <Text size="sm">
          Everything that shows <b dir="auto">{document?.name}</b> shows the new file from now on. Who reads
          the old one goes on reading it. What was read so far stays in the report.
          {document?.source_url ? " It is not fetched from its address any more." : ""}
        </Text>
        <DropArea active={!replace.isPending} onFiles={take}>
          <div className={classes.drop}>
            {replace.isPending ? (
              <Progress value={sent * 100} w="100%" aria-label="Share of the file that is sent" />
            ) : (
              <>
                <Text size="sm">Drop a PDF file here</Text>
                <FileButton
                  label="PDF file"
                  variant="default"
                  leftSection={<UploadIcon size={14} />}
                  onFiles={take}
                >
                  Choose a file
                </FileButton>
              </>
            )}
          </div>
        </DropArea>
        {problem ? (
          <Alert
            color="red"
            role="alert"
            icon={<TriangleAlertIcon size={18} />}
            title="The file was not taken; the one before stays"
          >
            {problem}
          </Alert>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Refused before anything was sent. */
class NotSent extends Error {}

function wordsOf(error: Error): string {
  return error instanceof NotSent ? error.message : sentence(error);
}
