/** Typed attributes, `path = value` on each line; null when a line cannot be read. */
export function parseAttributes(text: string): Record<string, string> | null {
  const found: Record<string, string> = {};
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [path, ...rest] = line.split("=");
    if (rest.length === 0 || !path || !/^\w+\.\w+$/.test(path.trim())) return null;
    found[path.trim()] = rest.join("=").trim();
  }
  return found;
}
