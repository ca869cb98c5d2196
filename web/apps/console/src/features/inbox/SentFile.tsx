import { Button, Modal, UnstyledButton } from "@mantine/core";
import type { Attachment } from "@usher/api";
import { useState } from "react";
import { bytes } from "#lib/ui/format.ts";
import { DownloadIcon, FileTextIcon } from "#lib/ui/icons.ts";
import classes from "./inbox.module.css";

/** The longest side of a picture in the conversation. */
const SIDE = 240;

/** A file in a chat: a picture to look at, everything else to be saved. */
export function SentFile({ chat, file }: { chat: string; file: Attachment }) {
  const address = `/api/v1/chats/${chat}/attachments/${file.id}`;
  if (file.width && file.height) return <Picture address={address} file={file} />;
  return (
    <a className={classes.file} href={address} download={file.name}>
      <FileTextIcon size={18} aria-hidden />
      <span>
        <bdi>{file.name}</bdi>
        <small>{bytes(file.size)}</small>
      </span>
    </a>
  );
}

function Picture({ address, file }: { address: string; file: Attachment }) {
  const [open, setOpen] = useState(false);
  const { width, height } = fitted(file.width ?? SIDE, file.height ?? SIDE);
  return (
    <>
      <UnstyledButton
        className={classes.picture}
        aria-label={`Look at ${file.name}`}
        onClick={() => setOpen(true)}
      >
        <img src={address} alt="" width={width} height={height} loading="lazy" />
      </UnstyledButton>
      <Modal opened={open} onClose={() => setOpen(false)} title={file.name} size="xl" centered>
        <img className={classes.shown} src={address} alt={file.name} />
        <Button
          component="a"
          href={address}
          download={file.name}
          variant="default"
          leftSection={<DownloadIcon size={14} />}
        >
          Download ({bytes(file.size)})
        </Button>
      </Modal>
    </>
  );
}

/** The place that it takes is known before it is there, so that nothing jumps. */
function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE / Math.max(width, height, 1));
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}
