/**
 * The address to go to after sign-in: a path inside the console, or its start.
 * Anything that could leave the console (`//host`, `https:`, `\`) is dropped.
 */
export function safeReturn(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith("/") || /^\/[/\\]|[\\\r\n\t]/.test(wanted)) return "/";
  return wanted.startsWith("/sign-in") ? "/" : wanted;
}
