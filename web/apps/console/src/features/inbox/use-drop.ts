import { type DragEvent, useState } from "react";

/** A place into which files can be dropped, while `wanted`. */
export function useDrop(wanted: boolean, onFiles: (files: readonly File[]) => void) {
  const [over, setOver] = useState(false);
  const holds = (event: DragEvent) => wanted && event.dataTransfer.types.includes("Files");
  const place = {
    "data-over": over || undefined,
    onDragOver: (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      onFiles([...event.dataTransfer.files]);
    },
  };
  return { place };
}
