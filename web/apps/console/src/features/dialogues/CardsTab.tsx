import { getRouteApi } from "@tanstack/react-router";
import type { CardId, CardKind, CheckResult } from "@usher/api";
import { addCard, duplicateCard, type Edited, moveCard, removeCard } from "@usher/stream/list";
import { useCallback } from "react";
import { MessageSquareIcon } from "#lib/ui/icons.ts";
import { Empty } from "#lib/ui/States.tsx";
import { CardEditor } from "./CardEditor.tsx";
import { CardList } from "./CardList.tsx";
import { CardPalette } from "./CardPalette.tsx";
import classes from "./cards.module.css";
import { findingsOf } from "./findings.ts";
import { offerUndo } from "./offer-undo.tsx";
import type { DraftControl } from "./use-draft.ts";

const route = getRouteApi("/frame/dialogues/$id");

interface CardsTabProps {
  control: DraftControl;
  check: CheckResult;
  readOnly: boolean;
}

/** The cards in the author's order, and the one that is being edited. */
export function CardsTab({ control, check, readOnly }: CardsTabProps) {
  const { stream } = control.content.draft;
  const { card: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const select = useCallback(
    (id: CardId | null) =>
      void navigate({ search: (before) => ({ ...before, card: id ?? undefined }), replace: true }),
    [navigate],
  );
  const open = stream.cards.find((card) => card.id === wanted);
  // Beside the list there is room for a card at once; on a small screen the list comes first.
  const shown = open ?? stream.cards[0];
  const apply = (edited: Edited) => {
    control.changeStream(edited.stream);
    select(edited.id);
  };
  const add = (kind: CardKind) => apply(addCard(stream, kind, open?.id ?? null));
  const remove = (id: CardId) => {
    apply(removeCard(stream, id));
    offerUndo("The card is deleted", control.undo);
  };
  if (stream.cards.length === 0) {
    return (
      <Empty
        icon={MessageSquareIcon}
        title="No card yet"
        action={readOnly ? null : <CardPalette onAdd={add} />}
      >
        A dialogue is a row of cards: something said, something asked. Begin with a greeting.
      </Empty>
    );
  }
  return (
    <div className={classes.split} data-open={open !== undefined || undefined}>
      <div className={classes.listSide}>
        <CardList
          stream={stream}
          check={check}
          selected={shown?.id}
          readOnly={readOnly}
          onSelect={select}
          onMove={(id, to) => control.changeStream(moveCard(stream, id, to))}
          onDuplicate={(id) => apply(duplicateCard(stream, id))}
          onRemove={remove}
        />
        {readOnly ? null : (
          <div className={classes.palette}>
            <CardPalette onAdd={add} />
          </div>
        )}
      </div>
      {shown ? (
        <CardEditor
          key={shown.id}
          card={shown}
          stream={stream}
          findings={findingsOf(check, shown.id)}
          readOnly={readOnly}
          onChange={control.changeStream}
          onBack={() => select(null)}
          onDuplicate={() => apply(duplicateCard(stream, shown.id))}
          onRemove={() => remove(shown.id)}
        />
      ) : null}
    </div>
  );
}
