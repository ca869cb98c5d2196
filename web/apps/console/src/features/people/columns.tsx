import { useLocalStorage } from "@mantine/hooks";
import type { AttributeDef, Person } from "@usher/api";
import type { Column } from "#lib/ui/DataTable.tsx";
import { DASH, valueText } from "#lib/ui/format.ts";
import { RowLink } from "#lib/ui/RowLink.tsx";
import { OwnText, TimeAgo } from "#lib/ui/Shown.tsx";
import { personName } from "./person-name.ts";

const NAME: Column<Person> = {
  key: "name",
  label: "Name",
  width: 232,
  sortBy: "last_name",
  cell: (person) => (
    <RowLink to="/people/$id" params={{ id: person.id }} search={{}}>
      {personName(person)}
    </RowLink>
  ),
};

const BUILT_IN: Column<Person>[] = [
  {
    key: "email",
    label: "E-mail",
    width: 232,
    sortBy: "email",
    cell: (one) => <OwnText>{one.email}</OwnText>,
  },
  {
    key: "company",
    label: "Company",
    width: 176,
    sortBy: "company",
    cell: (one) => <OwnText>{one.company?.name}</OwnText>,
  },
  { key: "owner", label: "Owner", width: 144, cell: (one) => <OwnText>{one.owner?.name}</OwnText> },
  {
    key: "last_seen_at",
    label: "Last seen",
    width: 120,
    sortBy: "last_seen_at",
    cell: (one) => <TimeAgo at={one.last_seen_at} />,
  },
  {
    key: "created_at",
    label: "Created",
    width: 120,
    sortBy: "created_at",
    cell: (one) => <TimeAgo at={one.created_at} />,
  },
  {
    key: "updated_at",
    label: "Changed",
    width: 120,
    sortBy: "updated_at",
    cell: (one) => <TimeAgo at={one.updated_at} />,
  },
];

const OWN_COLUMNS = new Set(["email", "full_name", ...BUILT_IN.map((one) => one.key)]);
const AT_FIRST = ["email", "company", "job_title", "country", "score", "last_seen_at", "created_at"];

function attributeColumn(attribute: AttributeDef): Column<Person> {
  const numeric = ["number", "score", "currency"].includes(attribute.type);
  return {
    key: attribute.name,
    label: attribute.label,
    width: numeric ? 104 : 152,
    align: numeric ? "end" : undefined,
    sortBy: attribute.name === "score" ? "score" : undefined,
    cell: (person) => {
      const text = valueText(person.attributes[attribute.name], attribute.type);
      return text === DASH ? text : <OwnText>{text}</OwnText>;
    },
  };
}

/** The columns of the people list; the choice is remembered in this browser. */
export function useColumns(attributes: AttributeDef[] | undefined) {
  const [chosen, choose] = useLocalStorage({ key: "usher-people-columns", defaultValue: AT_FIRST });
  const of = attributes?.filter((one) => one.of === "person" && !OWN_COLUMNS.has(one.name)) ?? [];
  const all = [...BUILT_IN, ...of.map(attributeColumn)];
  const shown = chosen.flatMap((key) => all.find((column) => column.key === key) ?? []);
  return { all, chosen, choose, shown: [NAME, ...shown] };
}
