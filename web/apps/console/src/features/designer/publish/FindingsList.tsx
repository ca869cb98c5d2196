import { useNavigate } from "@tanstack/react-router";
import type { Finding } from "@usher/api";
import { cardLabel } from "../card-looks.ts";
import type { DraftControl } from "../draft/use-draft.ts";
import { useDesignAddress } from "../use-address.ts";
import classes from "./publish.module.css";

interface FindingsListProps {
  control: DraftControl;
  findings: Finding[];
  onOpen: () => void;
}

/** What was found, each with the way to its card, its test, or the tab where it is mended. */
export function FindingsList({ control, findings, onOpen }: FindingsListProps) {
  const { kind, id } = control;
  const { cards } = control.content.draft.stream;
  const address = useDesignAddress(kind, id);
  const navigate = useNavigate();
  const open = (finding: Finding) => {
    onOpen();
    if (finding.card_id !== null) address.go({ card: finding.card_id, pane: "card" }, { push: true });
    else if (finding.field.startsWith("tests")) address.go({ pane: "tests" }, { push: true });
    else void navigate({ to: `${kind.path}/$id`, params: { id }, search: { tab: "audience" } });
  };
  const place = (finding: Finding) => {
    const card = cards.find((one) => one.id === finding.card_id);
    if (card !== undefined) return cardLabel(card);
    return finding.field.startsWith("tests") ? "Tests" : "Audience & pages";
  };
  return (
    <ul className={classes.findings}>
      {findings.map((one) => (
        <li key={`${one.card_id} ${one.field} ${one.message}`}>
          {one.message}{" "}
          <button type="button" className={classes.inlineButton} dir="auto" onClick={() => open(one)}>
            {place(one)}
          </button>
        </li>
      ))}
    </ul>
  );
}
