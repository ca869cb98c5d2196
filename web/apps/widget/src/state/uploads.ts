import { isSendable } from "@usher/live/sendable.ts";
import type { Message } from "../protocol.ts";

/** A file of the visitor on its way. */
export type Upload = {
  client_id: string;
  file: File;
  /** How much of it is there, 0 to 1. */
  share: number;
  /** `refused`: such a file is not taken. `unsent`: it did not get there. */
  failed: "" | "refused" | "unsent";
};

type Setting = {
  /** Hands the file over; the status of the answer, 0 when none came. */
  send(upload: Upload, onShare: (share: number) => void): Promise<number>;
  uuid(): string;
  /** A file has got there. */
  sent(): void;
  changed(): void;
};

const REFUSED = [413, 415, 422];

/** What the visitor sends beside words. Each file has one id, however often it is tried. */
export const createUploads = ({ send, uuid, sent, changed }: Setting) => {
  let list: Upload[] = [];

  const change = (id: string, how: Partial<Upload>) => {
    list = list.map((one) => (one.client_id === id ? { ...one, ...how } : one));
    changed();
  };
  const deliver = async (upload: Upload) => {
    const { client_id: id, file } = upload;
    change(id, { failed: "", share: 0 });
    if (!(await isSendable(file))) return change(id, { failed: "refused" });
    const status = await send(upload, (share) => change(id, { share }));
    if (status > 0 && status < 300) sent();
    else change(id, { failed: REFUSED.includes(status) ? "refused" : "unsent" });
  };

  return {
    /** Those that do not stand among the messages yet. */
    left(messages: readonly Message[]): Upload[] {
      list = list.filter((one) => !messages.some((m) => m.client_id === one.client_id));
      return list;
    },
    count: () => list.length,
    add(files: Iterable<File>): void {
      for (const file of files) {
        const upload: Upload = { client_id: uuid(), file, share: 0, failed: "" };
        list = [...list, upload];
        deliver(upload);
      }
    },
    again(id: string): void {
      const upload = list.find((one) => one.client_id === id);
      if (upload) deliver(upload);
    },
    drop(id: string): void {
      list = list.filter((one) => one.client_id !== id);
      changed();
    },
  };
};
