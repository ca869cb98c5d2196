import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { LibraryDocument } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";

/** Fetches a document again from where it came from, and says what came of it. */
export function useRefresh(document: LibraryDocument) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<LibraryDocument>(`/documents/${document.id}/refresh`),
    onSuccess: (fresh) => {
      const same = fresh.content_version === document.content_version;
      notifyDone(same ? `${document.name} has not changed there` : `${document.name} is fetched again`);
      void queries.invalidateQueries({ queryKey: ["documents"] });
    },
    onError: (error) => notifyProblem("The document was not fetched; visitors get the one before", error),
  });
}
