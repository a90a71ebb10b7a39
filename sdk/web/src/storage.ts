/** What the SDK needs of localStorage. */
export interface Storage {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

/**
 * The page's localStorage; where it is blocked or full, this page's memory beside it. What is in memory ends with the page,
 * which tries to send it as it goes.
 */
export function openStorage(): Storage {
  const memory = new Map<string, string>();
  const disk = (() => {
    try {
      const storage = window.localStorage;
      storage.getItem("");
      return storage;
    } catch {
      return null; // Blocked: even naming it throws then.
    }
  })();
  return {
    get: (key) => memory.get(key) ?? disk?.getItem(key) ?? null,
    set(key, value) {
      try {
        if (disk) {
          disk.setItem(key, value);
          memory.delete(key);
          return;
        }
      } catch {
        // Full, or no room is given in this window.
      }
      memory.set(key, value);
    },
    remove(key) {
      memory.delete(key);
      disk?.removeItem(key);
    },
    keys: (prefix) => [...new Set([...memory.keys(), ...(disk ? Object.keys(disk) : [])])].filter((key) => key.startsWith(prefix)),
  };
}
