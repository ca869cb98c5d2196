import { ActionIcon, Menu } from "@mantine/core";
import type { LibraryDocument } from "@usher/api";
import { usesText } from "#lib/library/uses.ts";
import type { Column } from "#lib/ui/DataTable.tsx";
import { count, duration } from "#lib/ui/format.ts";
import { EllipsisIcon } from "#lib/ui/icons.ts";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import tableClasses from "#lib/ui/table.module.css";
import { DocumentActions } from "./DocumentActions.tsx";
import type { OpenDialog } from "./DocumentDialogs.tsx";
import { percent } from "./figures.ts";

/** `onOpen` is null for who may only look. */
export function columnsOf(onOpen: ((open: OpenDialog) => void) | null): Column<LibraryDocument>[] {
  const columns: Column<LibraryDocument>[] = [
    {
      key: "name",
      label: "Name",
      width: 264,
      cell: (one) => (
        <RowLink to="/documents/$id" params={{ id: one.id }} search={{}}>
          {one.name}
        </RowLink>
      ),
    },
    { key: "pages", label: "Pages", width: 72, align: "end", cell: (one) => count(one.pages) },
    {
      key: "used",
      label: "Used in",
      width: 184,
      cell: (one) => (
        <span dir="auto" title={one.used_in.map((use) => use.name).join(", ")}>
          {usesText(one.used_in)}
        </span>
      ),
    },
    { key: "opens", label: "Opened", width: 88, align: "end", cell: (one) => count(one.figures.opens) },
    { key: "people", label: "People", width: 80, align: "end", cell: (one) => count(one.figures.people) },
    { key: "read", label: "Read", width: 72, align: "end", cell: (one) => percent(one.figures.share_read) },
    {
      key: "time",
      label: "Time",
      width: 80,
      align: "end",
      cell: (one) => duration(one.figures.average_seconds),
    },
    { key: "from", label: "From", width: 152, cell: (one) => <OwnText>{sourceText(one)}</OwnText> },
    { key: "updated", label: "Changed", width: 104, cell: (one) => <TimeAgo at={one.updated_at} /> },
  ];
  if (onOpen) {
    columns.push({
      key: "more",
      label: "",
      width: 64,
      cell: (one) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              className={tableClasses.raised}
              variant="subtle"
              color="gray"
              aria-label={`More about ${one.name}`}
            >
              <EllipsisIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <DocumentActions document={one} onOpen={onOpen} />
        </Menu>
      ),
    });
  }
  return columns;
}

/** The host it was fetched from, or that somebody uploaded it. */
export function sourceText(one: Pick<LibraryDocument, "source_url">): string {
  const { source_url } = one;
  if (!source_url) return "Upload";
  return URL.canParse(source_url) ? new URL(source_url).host : source_url;
}
