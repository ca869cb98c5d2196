/** More than any server takes: it would hang up on it. */
const MOST = 30 * 1024 * 1024;
/** How a picture (PNG, JPEG, GIF, WebP) or a PDF begins. */
const STARTS = [/^\x89PNG/, /^\xff\xd8\xff/, /^GIF8/, /^RIFF.{4}WEBP/s, /^%PDF-/];

/** Whether a file may be sent in a chat, as far as can be told here; the server has the last word. */
export const isSendable = async (file: Blob): Promise<boolean> => {
  if (file.size > MOST) return false;
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return STARTS.some((start) => start.test(text));
};
