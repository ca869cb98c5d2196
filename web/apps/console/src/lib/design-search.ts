/** What the address of the designer says besides whose it is. */
export interface DesignSearch {
  /** The chosen card. */
  card?: string;
  /** What stands beside the canvas. */
  pane?: "card" | "preview" | "tests";
  /** Days whose numbers stand on the cards. */
  figures?: "7" | "28" | "90";
  /** Number of the version whose numbers they are; all versions when absent. */
  version?: string;
}
