/**
 * This site's part of the browser's storage, behind one question: may we store?
 * (spec 02, Consent modes). A browser that refuses storage is a browser without memory, not an error.
 */
export type Vault = {
  read(name: string): string | null;
  /** Writes, or removes with `null`. Without permission writing does nothing. */
  write(name: string, value: string | null): void;
  /** Empties everything of this site, whatever the permission. */
  clear(): void;
};

/** All that is ever stored (documented for web developers). */
const NAMES = ["token", "granted", "open", "outbox"];

export const createVault = (key: string, allowed: () => boolean): Vault => {
  const prefix = `usher.${key}.`;
  const attempt = <T>(run: () => T): T | null => {
    try {
      return run();
    } catch {
      return null;
    }
  };
  return {
    read: (name) => attempt(() => localStorage.getItem(prefix + name)),
    write(name, value) {
      attempt(() => {
        if (value === null) localStorage.removeItem(prefix + name);
        else if (allowed()) localStorage.setItem(prefix + name, value);
      });
    },
    clear() {
      for (const name of NAMES) this.write(name, null);
    },
  };
};
