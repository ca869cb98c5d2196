import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Import } from "@usher/api";
import { type DragEvent, useRef, useState } from "react";
import { api } from "#lib/api/client.ts";
import { bytes } from "#lib/ui/format.ts";
import { UploadIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed } from "#lib/ui/States.tsx";
import classes from "./imports.module.css";
import { importQuery } from "./queries.ts";

/** Takes the file. Nothing is written before the next screen says so. */
export function NewImport() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const upload = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("file", file, file.name);
      return api.post<Import>("/imports", form);
    },
    onSuccess: (one) => {
      queries.setQueryData(importQuery(one.id).queryKey, one);
      void queries.invalidateQueries({ queryKey: ["imports", "list"] });
      void navigate({ to: "/imports/$id", params: { id: one.id } });
    },
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !upload.isPending) upload.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <Page title="Import people" narrow back={{ label: "Imports", to: "/imports" }}>
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
        <Stack align="center" gap="sm">
          <UploadIcon size={24} />
          <Text fw={500}>
            {upload.isPending
              ? `Reading ${upload.variables.name} (${bytes(upload.variables.size)})…`
              : "Drop a CSV file here"}
          </Text>
          <Text size="sm" c="dimmed" ta="center" maw={400}>
            The first row names the columns. UTF-8 or UTF-16; comma, semicolon or tab; quoted line breaks are
            fine.
          </Text>
          <Button loading={upload.isPending} onClick={() => input.current?.click()}>
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
        </Stack>
      </div>
      {upload.error ? <Failed error={upload.error} what="The file was not taken" /> : null}
      <Text size="sm" c="dimmed" mt="md">
        On the next screen you see the first 20 rows and choose what each column means. Nothing is written
        before you start it.
      </Text>
    </Page>
  );
}
