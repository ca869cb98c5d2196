import { ActionIcon } from "@mantine/core";
import { ListChecksIcon, PlayIcon, XIcon } from "#lib/ui/icons.ts";
import { LOOKS } from "./card-looks.ts";
import { useActions, useDesign } from "./design.ts";
import classes from "./designer.module.css";
import { CardPanel } from "./panel/CardPanel.tsx";
import { ManyPanel } from "./panel/ManyPanel.tsx";
import { PreviewPanel } from "./preview/PreviewPanel.tsx";
import { TestsPanel } from "./tests/TestsPanel.tsx";

/** What stands beside the canvas: the chosen card, the preview, the tests. */
export function Dock() {
  const { pane, selected, board } = useDesign();
  const [only] = selected;
  const card = selected.length === 1 ? board.stream.cards.find((one) => one.id === only) : undefined;
  if (pane === "card" && selected.length > 1) {
    return (
      <Frame title={`${selected.length} cards`}>
        <ManyPanel ids={selected} />
      </Frame>
    );
  }
  if (pane === "card" && card !== undefined) {
    const { icon: Icon, label } = LOOKS[card.kind];
    return (
      <Frame title={label} icon={<Icon size={16} aria-hidden="true" />}>
        <CardPanel key={card.id} card={card} />
      </Frame>
    );
  }
  if (pane === "preview") {
    return (
      <Frame title="Preview" icon={<PlayIcon size={16} aria-hidden="true" />}>
        <PreviewPanel />
      </Frame>
    );
  }
  if (pane === "tests") {
    return (
      <Frame title="Tests" icon={<ListChecksIcon size={16} aria-hidden="true" />}>
        <TestsPanel />
      </Frame>
    );
  }
  return null;
}

interface FrameProps {
  title: string;
  icon?: React.ReactNode;
  children: React.ReactNode;
}

function Frame({ title, icon, children }: FrameProps) {
  const { show, focusCanvas } = useActions();
  return (
    <aside className={classes.dock} aria-label={title}>
      <header className={classes.dockHead}>
        {icon}
        <h2>{title}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          ms="auto"
          aria-label="Close the panel"
          title="Close"
          onClick={() => {
            show(null);
            focusCanvas();
          }}
        >
          <XIcon size={16} />
        </ActionIcon>
      </header>
      <div className={classes.dockBody}>{children}</div>
    </aside>
  );
}
