/** A place where the words stand: the page, from 1 on, and where in its text. */
export type Match = { page: number; from: number; to: number };

/** How words are compared: without case and accents, all white space alike. Keeps positions, one for one. */
export const fold = (text: string): string =>
  [...text]
    .map((c) => {
      if (/\s/.test(c)) return " ".repeat(c.length);
      const plain = c.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
      return plain.length === c.length ? plain : c;
    })
    .join("");

/** All places in order. `texts`: what stands on each page. */
export const findAll = (texts: string[], wanted: string): Match[] => {
  const words = fold(wanted).trim();
  if (!words) return [];
  return texts.flatMap((text, at) => {
    const matches: Match[] = [];
    const folded = fold(text);
    for (let from = folded.indexOf(words); from >= 0; from = folded.indexOf(words, from + words.length)) {
      matches.push({ page: at + 1, from, to: from + words.length });
    }
    return matches;
  });
};

/** The first match on `page` or after it, otherwise the first of all. */
export const nearest = (matches: Match[], page: number): number => {
  const at = matches.findIndex((match) => match.page >= page);
  return at < 0 ? 0 : at;
};
