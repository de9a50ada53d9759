/** How a page learns that nobody is signed in any more. */
const watchers = new Set<() => void>();

export function watchOver(told: () => void): () => void {
  watchers.add(told);
  return () => void watchers.delete(told);
}

export function tellOver(): void {
  for (const told of watchers) told();
}
