/** A plain text cut into what is a web address and what is not. */
export interface Piece {
  text: string;
  /** http or https only. */
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/g;
/** Signs that end a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]]+$/;

export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(TRAILING, "");
    if (!URL.canParse(address)) continue;
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    pieces.push({ text: address, href: address });
    at = found.index + address.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
