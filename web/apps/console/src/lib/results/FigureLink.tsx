import { Link } from "@tanstack/react-router";
import { useMay } from "#lib/api/session.ts";
import { count } from "#lib/ui/format.ts";
import type { Figure } from "./figures.ts";
import type { Period } from "./period.ts";
import type { Subject } from "./queries.ts";
import type { CutKey } from "./search.ts";

export interface Behind {
  by: CutKey;
  /** What the part has in common, or a name. */
  key: string;
}

interface FigureLinkProps {
  subject: Subject;
  figure: Pick<Figure, "key" | "label">;
  value: number;
  period: Period;
  behind?: Behind;
}

/** A figure that opens the conversations behind it. */
export function FigureLink({ subject, figure, value, period, behind }: FigureLinkProps) {
  const may = useMay("livechat.view_all");
  if (!may || value === 0) return count(value);
  return (
    <Link
      to="/conversations"
      search={{
        dialogue: subject.id,
        from: period.first,
        to: period.last,
        reached: figure.key,
        ...narrowed(behind),
      }}
      aria-label={`${figure.label}: ${count(value)}, show the conversations`}
    >
      {count(value)}
    </Link>
  );
}

function narrowed(behind: Behind | undefined) {
  if (behind === undefined) return {};
  const { by, key } = behind;
  return by === "goals" || by === "documents" ? { named: key } : { by, key };
}
