import { fill } from "../languages/fill.ts";
import type { DocumentWaiting } from "../protocol.ts";
import { Icon } from "./icons.tsx";
import type { Ui } from "./ui.ts";

/** A document, and the way on when the visitor has seen enough. */
export const DocumentCard = ({
  waiting,
  talk,
  config,
  t,
  label,
}: Ui & { waiting: DocumentWaiting; label: string }) => {
  const { document, continue_label, card_id } = waiting;
  const read = async (event: Event & { currentTarget: HTMLElement }) => {
    const button = event.currentTarget;
    const { openReader } = await import("../reader.ts");
    if (document) openReader({ button, document, card_id, talk, config, t });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend; the card's words stand above.
    <div class="card" role="group" aria-label={label}>
      {document ? (
        <button type="button" class="document" onclick={read}>
          <Icon of="document" />
          <span>
            <b dir="auto">{document.name}</b>
            {document.pages && <small>{fill(t.pages, { count: document.pages })}</small>}
          </span>
          <span class="sr">{t.view_document}</span>
        </button>
      ) : (
        <p>{t.no_document}</p>
      )}
      <div class="card-actions">
        <button
          type="button"
          class="primary"
          onclick={() => talk.answer({ kind: "continue" }, { text: continue_label || t.go_on })}
        >
          {continue_label || t.go_on}
        </button>
      </div>
    </div>
  );
};
