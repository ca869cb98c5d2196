/** The columns of a file: who it is comes first, then what the list shows. */
export function exportColumns(chosen: string[]): string[] {
  return [...new Set(["email", "first_name", "last_name", ...chosen])];
}
