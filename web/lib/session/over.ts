/** How a page learns that nobody is signed in any more. */
const watchers = new Set<() => void>();
let isEnding = false;

export function watchOver(told: () => void): () => void {
  watchers.add(told);
  return () => void watchers.delete(told);
}

/** A page that ends the session itself knows where it goes next: meanwhile it is told nothing. */
export async function endingIt<T>(work: Promise<T>): Promise<T> {
  isEnding = true;
  try {
    return await work;
  } catch (error) {
    isEnding = false;
    throw error;
  }
}

export function tellOver(): void {
  if (isEnding) return;
  for (const told of watchers) told();
}
