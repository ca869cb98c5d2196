/** What is known of a picture before it is sent; the server looks again. */

export const MAX_BYTES = 256 * 1024;
export const MAX_SIDE = 200;
export const TYPES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"];

export interface PictureFacts {
  type: string;
  bytes: number;
  /** Null while unknown: vector pictures may have none. */
  size: { width: number; height: number } | null;
}

/** Why the picture cannot be used; null when it can. */
export function pictureProblem({ type, bytes, size }: PictureFacts): string | null {
  if (!TYPES.includes(type)) return "Choose a PNG, JPEG, GIF, WebP or SVG file.";
  if (bytes > MAX_BYTES) {
    return `The file has ${Math.ceil(bytes / 1024)} kB; 256 kB are the most. Save it smaller and try again.`;
  }
  if (size === null || type === "image/svg+xml") return null;
  const { width, height } = size;
  if (width !== height) return `The picture has ${width} × ${height} pixels; it must be square.`;
  if (width > MAX_SIDE) return `The picture has ${width} × ${height} pixels; 200 × 200 are the most.`;
  return null;
}

/** Reads the size of a picture that the browser can draw. */
export async function factsOf(file: File): Promise<PictureFacts> {
  const size = await createImageBitmap(file)
    .then((bitmap) => ({ width: bitmap.width, height: bitmap.height }))
    .catch(() => null);
  return { type: file.type, bytes: file.size, size };
}

/**
 * The picture's address without its host: it is given for other websites, and
 * this console may be open under another name of the same server.
 */
export function ownPath(address: string): string {
  return URL.canParse(address) ? new URL(address).pathname : address;
}
