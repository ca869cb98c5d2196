import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryDocument } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { UseList } from "#lib/library/UseList.tsx";
import { Confirm } from "#lib/ui/Confirm.tsx";
import { notifyProblem } from "#lib/ui/notify.ts";

interface DeleteDocumentProps {
  document: LibraryDocument | null;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

/** Deletes a document that no visitor can meet; says where one that visitors meet is used. */
export function DeleteDocument({ document, onClose, onDeleted }: DeleteDocumentProps) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.delete(`/documents/${id}`),
    onSuccess: () => {
      onClose();
      onDeleted?.();
      void queries.invalidateQueries({ queryKey: ["documents"] });
    },
    onError: (error) => notifyProblem("The document was not deleted", error),
  });
  const uses = document?.used_in ?? [];
  const live = uses.filter((use) => use.published);
  if (live.length > 0) return <InUse document={document} onClose={onClose} />;
  return (
    <Confirm
      opened={document !== null}
      onClose={onClose}
      title="Delete the document"
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => document && remove.mutate(document.id)}
    >
      <b dir="auto">{document?.name}</b> is deleted with its file, which cannot be undone. What people read of
      it stays in their activities.
      {uses.length > 0 ? (
        <>
          <Text size="sm" mt="sm" mb={4}>
            These drafts show it and cannot be published before it is taken out:
          </Text>
          <UseList uses={uses} />
        </>
      ) : null}
    </Confirm>
  );
}

function InUse({ document, onClose }: { document: LibraryDocument | null; onClose: () => void }) {
  return (
    <Modal
      opened={document !== null}
      onClose={onClose}
      title="The document is in use"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack>
        <Text size="sm">
          Visitors meet <b dir="auto">{document?.name}</b> here. Take it out and publish, or unpublish, before
          you delete it:
        </Text>
        <UseList uses={document?.used_in ?? []} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
