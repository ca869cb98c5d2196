/** Random (version 4) UUID. Pages without https lack `crypto.randomUUID`; addresses of blobs end in one, too. */
export const uuid = (): string => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url.slice(-36);
};
