import { Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { LibraryDocument } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { DownloadIcon, FileUpIcon, PencilIcon, RefreshCwIcon, TrashIcon } from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import type { OpenDialog } from "./DocumentDialogs.tsx";
import { useRefresh } from "./use-refresh.ts";

interface DocumentActionsProps {
  document: LibraryDocument;
  onOpen: (open: OpenDialog) => void;
}

/** What can be done with a document, as the drop-down of a menu. */
export function DocumentActions({ document, onOpen }: DocumentActionsProps) {
  const refresh = useRefresh(document);
  const save = useDownload(document);
  return (
    <Menu.Dropdown>
      <Menu.Item leftSection={<PencilIcon size={16} />} onClick={() => onOpen({ kind: "rename", document })}>
        Rename
      </Menu.Item>
      <Menu.Item leftSection={<FileUpIcon size={16} />} onClick={() => onOpen({ kind: "replace", document })}>
        Replace by a new file…
      </Menu.Item>
      {document.source_url ? (
        <Menu.Item leftSection={<RefreshCwIcon size={16} />} onClick={() => refresh.mutate()}>
          Fetch again
        </Menu.Item>
      ) : null}
      <Menu.Item leftSection={<DownloadIcon size={16} />} onClick={() => save.mutate()}>
        Download
      </Menu.Item>
      <Menu.Item
        c="var(--mantine-color-error)"
        leftSection={<TrashIcon size={16} />}
        onClick={() => onOpen({ kind: "delete", document })}
      >
        Delete…
      </Menu.Item>
    </Menu.Dropdown>
  );
}

function useDownload(document: LibraryDocument) {
  return useMutation({
    mutationFn: async () =>
      download(await api.raw("GET", `/documents/${document.id}/file`), `${document.name}.pdf`),
    onError: (error) => notifyProblem("The document was not downloaded", error),
  });
}
