import type { Dialogue } from "@usher/api";
import { DIALOGUE } from "#features/designer/kinds.ts";
import { VersionsTab } from "#features/designer/publish/VersionsTab.tsx";
import { type EditorTab, StreamEditor } from "#features/designer/StreamEditor.tsx";
import { StreamSettings } from "#features/designer/StreamSettings.tsx";
import { AudienceTab } from "./AudienceTab.tsx";
import { ResultsTab } from "./ResultsTab.tsx";

const TABS: readonly EditorTab[] = [
  {
    key: "audience",
    label: "Audience & pages",
    content: ({ control, check, readOnly }) => (
      <AudienceTab control={control} check={check} readOnly={readOnly} />
    ),
  },
  {
    key: "settings",
    label: "Settings",
    content: ({ record, control, readOnly }) => (
      <StreamSettings dialogue={record} control={control} readOnly={readOnly} />
    ),
  },
  { key: "results", label: "Results", content: ({ record }) => <ResultsTab id={record.id} /> },
  {
    key: "versions",
    label: "Versions",
    content: (of) => <VersionsTab {...of} />,
  },
];

/** The screen of one dialogue. */
export function DialogueEditor({ dialogue }: { dialogue: Dialogue }) {
  return <StreamEditor kind={DIALOGUE} record={dialogue} tabs={TABS} />;
}
