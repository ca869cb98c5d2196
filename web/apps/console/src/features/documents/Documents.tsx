import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import type { Page as ApiPage, LibraryDocument } from "@usher/api";
import { type ReactNode, useState } from "react";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { useMayManageLibrary } from "#lib/library/uses.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { DataTable } from "#lib/ui/DataTable.tsx";
import { FileTextIcon, LinkIcon, SearchIcon, UploadIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { SearchBox } from "#lib/ui/SearchBox.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { AddByAddress } from "./AddByAddress.tsx";
import { columnsOf } from "./columns.tsx";
import { DocumentDialogs, type OpenDialog } from "./DocumentDialogs.tsx";
import { DropArea } from "./DropArea.tsx";
import { FileButton } from "./FileButton.tsx";
import { UploadList } from "./UploadList.tsx";
import { useUploads } from "./use-uploads.ts";

const route = getRouteApi("/frame/documents");

/** The library of PDFs that dialogues and flows show. */
export function Documents() {
  const { q, new: adding } = route.useSearch();
  const navigate = route.useNavigate();
  const mayManage = useMayManageLibrary();
  const uploads = useUploads();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const documents = usePages<LibraryDocument>(
    ["documents", "list", q ?? null],
    (cursor, signal) =>
      api.get<ApiPage<LibraryDocument>>("/documents", { query: { query: q, cursor, limit: 100 }, signal }),
    { refetchInterval: REFRESH.happening },
  );
  const add = (on: boolean) =>
    void navigate({ search: (before) => ({ ...before, new: on ? true : undefined }), replace: true });
  const upload = mayManage ? (
    <FileButton
      label="PDF files"
      multiple
      leftSection={<UploadIcon size={14} />}
      onFiles={(files) => uploads.add(files)}
    >
      Upload
    </FileButton>
  ) : null;
  return (
    <Page
      title="Documents"
      fill
      actions={
        mayManage ? (
          <>
            <Button variant="default" leftSection={<LinkIcon size={14} />} onClick={() => add(true)}>
              From an address
            </Button>
            {upload}
          </>
        ) : null
      }
      toolbar={
        <SearchBox
          label="Search documents"
          placeholder="Search by name"
          value={q}
          onChange={(text) => void navigate({ search: { q: text }, replace: true })}
        />
      }
    >
      <DropArea active={mayManage} onFiles={uploads.add}>
        <UploadList uploads={uploads} />
        <DataTable
          label="The documents"
          columns={columnsOf(mayManage ? setOpen : null)}
          data={documents}
          rowId={(one) => one.id}
          empty={q === undefined ? <NoDocuments upload={upload} /> : <NothingFound />}
        />
      </DropArea>
      <AddByAddress opened={adding === true && mayManage} onClose={() => add(false)} />
      <DocumentDialogs open={open} onClose={() => setOpen(null)} />
    </Page>
  );
}

function NoDocuments({ upload }: { upload: ReactNode }) {
  return (
    <Empty icon={FileTextIcon} title="No document yet" action={upload}>
      Brochures, price lists and guides as PDF, shown inside the conversation by a document card. Drop files
      here, or take one from its address. You see which pages are read, by whom and for how long.
    </Empty>
  );
}

function NothingFound() {
  const navigate = route.useNavigate();
  return (
    <Empty
      icon={SearchIcon}
      title="No document fits"
      action={
        <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
          Show all
        </Button>
      }
    >
      No name contains these words.
    </Empty>
  );
}
