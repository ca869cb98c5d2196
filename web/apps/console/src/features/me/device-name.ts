/** Browser and system of a user agent, in words; the agent itself when neither is known. */
export function deviceName(agent: string): string {
  const browser = first(agent, [
    [/Edg\//, "Edge"],
    [/OPR\//, "Opera"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
    [/^curl\//, "curl"],
  ]);
  const system = first(agent, [
    [/iPhone|iPad/, "iOS"],
    [/Android/, "Android"],
    [/Mac OS X/, "macOS"],
    [/Windows/, "Windows"],
    [/Linux/, "Linux"],
  ]);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? (agent === "" ? "Unknown device" : agent);
}

function first(agent: string, known: [RegExp, string][]): string | null {
  return known.find(([pattern]) => pattern.test(agent))?.[1] ?? null;
}
