import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { DIALOGUE } from "#features/designer/kinds.ts";
import { recordQuery } from "#features/designer/queries.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { DialogueEditor } from "./DialogueEditor.tsx";

const route = getRouteApi("/frame/dialogues/$id");

/** One dialogue, read before it is edited. */
export function DialogueRecord() {
  const { id } = route.useParams();
  const query = useQuery(recordQuery(DIALOGUE, id));
  if (query.data === undefined) {
    return (
      <Page title="Dialogue" back={{ label: "Dialogues", to: "/dialogues" }}>
        {query.error ? (
          <Failed
            error={query.error}
            what="This dialogue could not be read"
            retry={() => void query.refetch()}
          />
        ) : (
          <LinesSkeleton />
        )}
      </Page>
    );
  }
  return <DialogueEditor key={id} dialogue={query.data} />;
}
