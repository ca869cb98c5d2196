import { searchCards } from "@usher/stream";
import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useMemo, useState } from "react";
import { Asking } from "./canvas/Asking.tsx";
import { Canvas } from "./canvas/Canvas.tsx";
import { CanvasTools } from "./canvas/CanvasTools.tsx";
import { Palette } from "./canvas/Palette.tsx";
import { SearchBar } from "./canvas/SearchBar.tsx";
import { useFigures } from "./canvas/use-figures.ts";
import { Dock } from "./Dock.tsx";
import { ActionsContext, DesignContext } from "./design.ts";
import classes from "./designer.module.css";
import { StageBar } from "./StageBar.tsx";
import { type DesignOf, useDesignState } from "./use-design.ts";

/** The canvas with what stands beside it. */
export function DesignTab(props: DesignOf) {
  return (
    <ReactFlowProvider>
      <Designer {...props} />
    </ReactFlowProvider>
  );
}

function Designer(props: DesignOf) {
  const { readOnly } = props;
  const { figures } = useFigures(props.control);
  const { design, actions } = useDesignState({ ...props, figures });
  const { question, board } = design;
  const [map, setMap] = useState(false);
  const [wanted, setWanted] = useState("");
  const searching = question?.what === "search";
  const found = useMemo(
    () => (searching ? searchCards(board.stream, wanted) : []),
    [searching, board.stream, wanted],
  );
  const matches = useMemo(
    () => (searching && wanted.trim() !== "" ? new Set(found) : null),
    [searching, wanted, found],
  );
  const closeSearch = useCallback(() => actions.ask(null), [actions]);
  return (
    <ActionsContext value={actions}>
      <DesignContext value={design}>
        <div className={classes.designer}>
          {readOnly ? null : <Palette />}
          <div className={classes.stage}>
            <Canvas map={map} matches={matches} />
            <StageBar />
            <CanvasTools map={map} onMap={setMap} />
            {searching ? (
              <SearchBar text={wanted} found={found} onText={setWanted} onClose={closeSearch} />
            ) : null}
            {question !== null && !searching ? <Asking question={question} /> : null}
          </div>
          <Dock />
        </div>
      </DesignContext>
    </ActionsContext>
  );
}
