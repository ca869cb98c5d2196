/** Random (version 4) UUID; `crypto.randomUUID` is missing on pages without https. */
export const uuid = (): string =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (place) => {
    const nibble = (crypto.getRandomValues(new Uint8Array(1))[0] as number) & 15;
    return (place === "8" ? 8 | (nibble & 3) : nibble).toString(16);
  });
