import { Button, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TextFile } from "@usher/api";
import { CheckIcon, CopyIcon, DownloadIcon } from "#lib/ui/icons.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { type Described, textOf } from "./queries.ts";
import classes from "./texts.module.css";

interface AsTextProps {
  kind: Described;
  id: string;
  opened: boolean;
  onClose: () => void;
}

/** The draft of a dialogue or flow as text: to look at, to copy, to keep. */
export function AsText({ kind, id, opened, onClose }: AsTextProps) {
  const read = useQuery({
    queryKey: ["texts", kind, id],
    queryFn: ({ signal }) => textOf(kind, id, signal),
    enabled: opened,
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="xl"
      title="As text"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {read.error ? (
        <Failed error={read.error} what="The text could not be read" retry={() => void read.refetch()} />
      ) : read.data && !read.isFetching ? (
        <Shown file={read.data} />
      ) : (
        <LinesSkeleton lines={8} />
      )}
    </Modal>
  );
}

function Shown({ file }: { file: TextFile }) {
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        The draft without ids and figures, for version control and other instances.
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section does not keep the lines of a text */}
      <pre className={classes.text} tabIndex={0} aria-label={file.path} role="region">
        {file.text}
      </pre>
      <Group justify="flex-end">
        <CopyButton value={file.text} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button leftSection={<DownloadIcon size={14} />} onClick={() => save(file)} data-autofocus>
          Download
        </Button>
      </Group>
    </Stack>
  );
}

function save({ path, text }: TextFile) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = path.split("/").at(-1) ?? "text.toml";
  link.click();
  URL.revokeObjectURL(address);
}
