import { Button, type ButtonProps } from "@mantine/core";
import { type ReactNode, useRef } from "react";

interface FileButtonProps extends ButtonProps {
  /** Names the field for who cannot see it. */
  label: string;
  multiple?: boolean;
  onFiles: (files: FileList) => void;
  children: ReactNode;
}

/** Opens the browser's own choice of PDF files. */
export function FileButton({ label, multiple, onFiles, children, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...rest} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".pdf,application/pdf"
        multiple={multiple}
        hidden
        aria-label={label}
        onChange={(event) => {
          if (event.currentTarget.files?.length) onFiles(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
