import { ActionIcon, Anchor, Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { LibraryDocument } from "@usher/api";
import { useState } from "react";
import { UseList } from "#lib/library/UseList.tsx";
import { useMayManageLibrary } from "#lib/library/uses.ts";
import { bytes, count, DASH, dateTime } from "#lib/ui/format.ts";
import { EllipsisIcon, ExternalLinkIcon } from "#lib/ui/icons.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Fact, OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { DocumentActions } from "./DocumentActions.tsx";
import { DocumentDialogs, type OpenDialog } from "./DocumentDialogs.tsx";
import classes from "./documents.module.css";
import { documentQuery } from "./queries.ts";
import { ReadingReport } from "./ReadingReport.tsx";

const route = getRouteApi("/frame/documents/$id");
const BACK = { label: "Documents", to: "/documents" } as const;

/** One document: what it is, where it is used, and how it is read. */
export function DocumentRecord() {
  const { id } = route.useParams();
  const query = useQuery(documentQuery(id));
  if (query.data) return <Record document={query.data} />;
  return (
    <Page title="Document" back={BACK}>
      {query.error ? (
        <Failed
          error={query.error}
          what="This document could not be read"
          retry={() => void query.refetch()}
        />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}

function Record({ document }: { document: LibraryDocument }) {
  const navigate = route.useNavigate();
  const mayManage = useMayManageLibrary();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  return (
    <Page
      title={document.name}
      back={BACK}
      actions={
        <>
          <Button
            component="a"
            href={document.url}
            target="_blank"
            rel="noopener"
            variant="default"
            leftSection={<ExternalLinkIcon size={14} />}
          >
            Open
          </Button>
          {mayManage ? (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size="lg" aria-label="More about this document">
                  <EllipsisIcon size={16} />
                </ActionIcon>
              </Menu.Target>
              <DocumentActions document={document} onOpen={setOpen} />
            </Menu>
          ) : null}
        </>
      }
    >
      <div className={classes.record}>
        <aside className={classes.side} aria-label="About this document">
          <Facts document={document} />
        </aside>
        <div className={classes.main}>
          <ReadingReport id={document.id} />
        </div>
      </div>
      <DocumentDialogs
        open={open}
        onClose={() => setOpen(null)}
        onDeleted={() => void navigate({ to: "/documents", search: {} })}
      />
    </Page>
  );
}

function Facts({ document }: { document: LibraryDocument }) {
  return (
    <dl className={classes.facts}>
      <Fact label="Pages">{count(document.pages)}</Fact>
      <Fact label="Size">{bytes(document.size)}</Fact>
      <Fact label="From">
        {document.source_url ? (
          <Anchor href={document.source_url} target="_blank" rel="noopener noreferrer nofollow" inherit>
            <OwnText>{document.source_url}</OwnText>
          </Anchor>
        ) : (
          "Uploaded"
        )}
      </Fact>
      <Fact label="Edition">
        {document.content_version === 1 ? "First" : `Number ${document.content_version}`}
      </Fact>
      <Fact label="Used in">
        {document.used_in.length === 0 ? DASH : <UseList uses={document.used_in} />}
      </Fact>
      <Fact label="Added">
        {dateTime(document.created_at)}
        {document.created_by ? ` by ${document.created_by.name}` : ""}
      </Fact>
      <Fact label="Changed">
        <TimeAgo at={document.updated_at} />
      </Fact>
    </dl>
  );
}
