import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { UploadIcon } from "#lib/ui/icons.ts";
import classes from "./documents.module.css";

interface DropAreaProps {
  /** Nothing is taken while it is off. */
  active: boolean;
  onFiles: (files: FileList) => void;
  children: ReactNode;
}

/** Takes files that are dropped anywhere on its content. An extra: buttons do the same by key. */
export function DropArea({ active, onFiles, children }: DropAreaProps) {
  const [over, setOver] = useState(false);
  // The browser tells of every element that is entered and left.
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => active && event.dataTransfer.types.includes("Files");
  const enter = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current += 1;
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth.current -= 1;
    if (depth.current <= 0) setOver(false);
  };
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    onFiles(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; a button does the same by key
    <div
      className={classes.dropArea}
      onDragEnter={enter}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDragLeave={leave}
      onDrop={drop}
    >
      {children}
      {over ? (
        <div className={classes.dropHint}>
          <UploadIcon size={24} />
          Drop PDF files to add them
        </div>
      ) : null}
    </div>
  );
}
