import { Button, Group, Modal, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ConfigurationReport } from "@usher/api";
import { type DragEvent, useRef, useState } from "react";
import { useMay } from "#lib/api/session.ts";
import { FileUpIcon } from "#lib/ui/icons.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { changesAnything, PASTED, summaryOf, take } from "./files.ts";
import { applyTexts, checkTexts, type Texts } from "./queries.ts";
import { Report } from "./Report.tsx";
import classes from "./texts.module.css";

interface ImportTextProps {
  opened: boolean;
  onClose: () => void;
}

/** Takes texts, shows what they would change, and applies them when that is wanted. */
export function ImportText({ opened, onClose }: ImportTextProps) {
  const [texts, setTexts] = useState<Texts>({});
  const check = useMutation({
    mutationFn: checkTexts,
    onError: (error) => notifyProblem("The texts could not be checked", error),
  });
  const close = () => {
    setTexts({});
    check.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="xl"
      title="Import text"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {check.data ? (
        <Plan report={check.data} texts={texts} onBack={check.reset} onDone={close} />
      ) : (
        <Choose
          texts={texts}
          onChange={setTexts}
          busy={check.isPending}
          onCheck={() => check.mutate(texts)}
        />
      )}
    </Modal>
  );
}

interface ChooseProps {
  texts: Texts;
  onChange: (texts: Texts) => void;
  busy: boolean;
  onCheck: () => void;
}

function Choose({ texts, onChange, busy, onCheck }: ChooseProps) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const files = Object.keys(texts).filter((name) => name !== PASTED);
  const paste = (text: string) => {
    const { [PASTED]: _, ...rest } = texts;
    onChange(text.trim() === "" ? rest : { ...rest, [PASTED]: text });
  };
  const add = async (list: FileList | null) => {
    const taken = await take(list ?? []);
    onChange({ ...texts, ...taken.files });
    if (taken.refused.length > 0) {
      notifyProblem("Not every file was taken", null);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void add(event.dataTransfer.files);
  };
  return (
    <Stack>
      <Textarea
        className={classes.input}
        label="Text of a dialogue, a flow or a site"
        description="As an export writes it. Nothing is changed before you have seen the plan."
        placeholder={'kind = "dialogue"\nname = "Book a demo"\nsite = "…"'}
        autosize
        minRows={8}
        maxRows={18}
        spellCheck={false}
        value={texts[PASTED] ?? ""}
        onChange={(event) => paste(event.currentTarget.value)}
        data-autofocus
      />
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
        <Group justify="space-between">
          <Text size="sm" c={files.length === 0 ? "dimmed" : undefined}>
            {files.length === 0 ? "Or drop files that end with .toml here" : files.join(", ")}
          </Text>
          <Group gap="xs">
            {files.length > 0 ? (
              <Button variant="subtle" color="gray" onClick={() => onChange({})}>
                Clear
              </Button>
            ) : null}
            <Button
              variant="default"
              leftSection={<FileUpIcon size={14} />}
              onClick={() => input.current?.click()}
            >
              Choose files
            </Button>
          </Group>
        </Group>
        <input
          ref={input}
          type="file"
          accept=".toml,application/toml"
          multiple
          hidden
          aria-label="Text files"
          onChange={(event) => {
            void add(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
      <Group justify="flex-end">
        <Button onClick={onCheck} loading={busy} disabled={Object.keys(texts).length === 0}>
          Show the plan
        </Button>
      </Group>
    </Stack>
  );
}

interface PlanProps {
  report: ConfigurationReport;
  texts: Texts;
  onBack: () => void;
  onDone: () => void;
}

function Plan({ report, texts, onBack, onDone }: PlanProps) {
  const queries = useQueryClient();
  const mayPublish = useMay("dialogues.publish");
  const [publish, setPublish] = useState(false);
  const apply = useMutation({
    mutationFn: () => applyTexts(texts, publish),
    onSuccess: (done) => {
      notifyDone(`Imported: ${summaryOf(done)}`);
      void queries.invalidateQueries();
      onDone();
    },
    onError: (error) => notifyProblem("Nothing was imported", error),
  });
  const unreadable = report.errors.some((error) => error.prevents === "applying");
  const publishable = report.errors.length === 0;
  const idle = !changesAnything(report) && !(publish && report.changes.some((change) => change.published));
  return (
    <Stack>
      <Report report={report} />
      {mayPublish && publishable ? (
        <Switch
          label="Publish at once"
          description="Otherwise drafts are changed, and visitors notice nothing"
          checked={publish}
          onChange={(event) => setPublish(event.currentTarget.checked)}
        />
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button onClick={() => apply.mutate()} loading={apply.isPending} disabled={unreadable || idle}>
          {publish ? "Import and publish" : "Import"}
        </Button>
      </Group>
    </Stack>
  );
}
