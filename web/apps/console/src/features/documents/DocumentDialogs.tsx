import type { LibraryDocument } from "@usher/api";
import { DeleteDocument } from "./DeleteDocument.tsx";
import { RenameDocument } from "./RenameDocument.tsx";
import { ReplaceDocument } from "./ReplaceDocument.tsx";

export interface OpenDialog {
  kind: "rename" | "replace" | "delete";
  document: LibraryDocument;
}

interface DocumentDialogsProps {
  open: OpenDialog | null;
  onClose: () => void;
  onDeleted?: () => void;
}

/** The dialogs that a document's menu opens. */
export function DocumentDialogs({ open, onClose, onDeleted }: DocumentDialogsProps) {
  const of = (kind: OpenDialog["kind"]) => (open?.kind === kind ? open.document : null);
  return (
    <>
      <RenameDocument key={`rename ${open?.document.id}`} document={of("rename")} onClose={onClose} />
      <ReplaceDocument key={`replace ${open?.document.id}`} document={of("replace")} onClose={onClose} />
      <DeleteDocument document={of("delete")} onClose={onClose} onDeleted={onDeleted} />
    </>
  );
}
