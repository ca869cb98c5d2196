import type { Dialogue } from "@usher/api";
import { FLOW } from "#features/designer/kinds.ts";
import { VersionsTab } from "#features/designer/publish/VersionsTab.tsx";
import { type EditorTab, StreamEditor } from "#features/designer/StreamEditor.tsx";
import { ResultsTab } from "./ResultsTab.tsx";
import { SettingsTab } from "./SettingsTab.tsx";

const TABS: readonly EditorTab[] = [
  { key: "settings", label: "Settings", content: (of) => <SettingsTab {...of} /> },
  { key: "results", label: "Results", content: ({ record }) => <ResultsTab id={record.id} /> },
  { key: "versions", label: "Versions", content: (of) => <VersionsTab {...of} /> },
];

/** The screen of one flow. */
export function FlowEditor({ flow }: { flow: Dialogue }) {
  return <StreamEditor kind={FLOW} record={flow} tabs={TABS} />;
}
