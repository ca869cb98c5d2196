import { Button, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { AttributeDef, PersonDetail } from "@usher/api";
import { attributesQuery } from "#lib/api/shared.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { isFilled } from "#lib/ui/values.ts";
import { AttributeRow } from "./AttributeRow.tsx";
import { attributeValue } from "./attribute-value.ts";
import classes from "./record.module.css";

/** Shown elsewhere on the record. */
const ELSEWHERE = new Set(["full_name", "created_at", "updated_at", "last_seen_at", "owner", "company"]);
/** Always there, filled or not: what one looks for first. */
const ALWAYS = new Set(["email", "first_name", "last_name", "phone", "job_title"]);

/** Every attribute with its value, where it came from and when; edited in place. */
export function Attributes({ person }: { person: PersonDetail }) {
  const attributes = useQuery(attributesQuery);
  const [all, showAll] = useDisclosure(false);
  if (attributes.isPending) return <LinesSkeleton lines={5} />;
  if (attributes.error) {
    return (
      <Failed
        error={attributes.error}
        what="The attributes could not be read"
        retry={() => void attributes.refetch()}
      />
    );
  }
  const mine = attributes.data.filter((one) => one.of === "person" && !ELSEWHERE.has(one.name));
  const worth = (one: AttributeDef) => ALWAYS.has(one.name) || isFilled(attributeValue(person, one.name));
  const shown = mine.filter((one) => all || worth(one));
  const hidden = mine.length - mine.filter(worth).length;
  return (
    <section>
      <div className={classes.heading}>
        <Title order={2}>Attributes</Title>
        {hidden > 0 ? (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            onClick={showAll.toggle}
            aria-expanded={all}
          >
            {all ? "Hide the unknown" : `${hidden} unknown`}
          </Button>
        ) : null}
      </div>
      {shown.map((attribute) => (
        <AttributeRow key={attribute.name} attribute={attribute} person={person} />
      ))}
    </section>
  );
}
